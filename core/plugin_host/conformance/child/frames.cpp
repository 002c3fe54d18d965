// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/child/frames.hpp"

#include <sys/mman.h>

namespace vigie::plugin_host::conformance::child {
namespace {

constexpr std::size_t page = 4096;

/// Black, white, noise, a ramp: pictures analyses have thresholds for.
std::uint8_t luma_of(std::uint64_t seed, std::size_t at) {
  switch (seed % 4) {
    case 0:
      return 0;
    case 1:
      return 255;
    case 2:
      return static_cast<std::uint8_t>((at + seed) * 2654435761U >> 13);
    default:
      return static_cast<std::uint8_t>(at + seed);
  }
}

}  // namespace

guarded_frame::guarded_frame(std::int32_t pixel_format, std::uint32_t width, std::uint32_t height,
                             std::uint64_t seed, std::uint32_t padding)
    : format_{pixel_format}, width_{width}, height_{height}, padding_{padding} {
  const std::size_t half = std::size_t{(width + 1) / 2 + padding} * ((height + 1) / 2);
  const std::size_t bytes =
      std::size_t{width + padding} * height + (pixel_format == VIGIE_PIXEL_I420 ? 2 * half : 0);
  const auto room = (bytes + page - 1) / page * page;
  mapped_ = room + page;
  void* const got =
      ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (got == MAP_FAILED) return;
  memory_ = static_cast<std::uint8_t*>(got);
  pixels_ = memory_ + room - bytes;
  for (std::size_t at = 0; at < bytes; ++at) pixels_[at] = luma_of(seed, at);
  ::mprotect(memory_, room, PROT_READ);
  ::mprotect(memory_ + room, page, PROT_NONE);
}

guarded_frame::~guarded_frame() {
  if (memory_ != nullptr) ::munmap(memory_, mapped_);
}

vigie_frame_t guarded_frame::frame(std::uint64_t id, std::uint64_t camera,
                                   vigie_utc_us_t at) const {
  vigie_frame_t out{};
  out.size = sizeof out;
  out.pixel_format = format_;
  out.id = id;
  out.camera = camera;
  out.capture_utc_us = at;
  out.width = width_;
  out.height = height_;
  out.plane_count = 1;
  out.planes[0] = {pixels_, width_ + padding_, height_};
  if (format_ != VIGIE_PIXEL_I420) return out;
  const std::uint32_t stride = (width_ + 1) / 2 + padding_;
  const std::uint32_t lines = (height_ + 1) / 2;
  const auto* const u = pixels_ + std::size_t{width_ + padding_} * height_;
  out.plane_count = 3;
  out.planes[1] = {u, stride, lines};
  out.planes[2] = {u + std::size_t{stride} * lines, stride, lines};
  return out;
}

}  // namespace vigie::plugin_host::conformance::child
