// SPDX-License-Identifier: Apache-2.0
#include "analytics/child/picture_scaler.hpp"

#include <vigie/frame.h>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <algorithm>
#include <array>
#include <cstring>

namespace vigie::analytics::child {
namespace {

struct plane {
  const std::uint8_t* data = nullptr;
  int stride = 0;
  int width = 0;
  int height = 0;
};

/// The frame's plane `index`; no data when it has none (grey) or its samples are not planar.
plane plane_of(const AVFrame& frame, int index) {
  const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  if (format == nullptr || index >= format->nb_components) return {};
  const auto& component = format->comp[index];
  if (component.plane != index || component.step != 1 || component.depth != 8) return {};
  if (index == 0) return {frame.data[0], frame.linesize[0], frame.width, frame.height};
  return {frame.data[index], frame.linesize[index],
          AV_CEIL_RSHIFT(frame.width, format->log2_chroma_w),
          AV_CEIL_RSHIFT(frame.height, format->log2_chroma_h)};
}

std::uint32_t scaled(std::uint32_t wanted, int there) {
  const auto most = static_cast<std::uint32_t>(std::max(there, 0));
  return wanted == 0 ? most : std::min(wanted, most);
}

}  // namespace

struct picture_scaler::state {
  std::array<SwsContext*, 3> contexts{};

  ~state() {
    for (auto* context : contexts) sws_freeContext(context);
  }

  bool scale(std::size_t index, const plane& from, std::uint8_t* to, int width, int height) {
    if (from.width == width && from.height == height) {
      for (int y = 0; y < height; ++y)
        std::memcpy(to + std::ptrdiff_t{y} * width, from.data + std::ptrdiff_t{y} * from.stride,
                    static_cast<std::size_t>(width));
      return true;
    }
    auto*& context = contexts[index];
    context = sws_getCachedContext(context, from.width, from.height, AV_PIX_FMT_GRAY8, width,
                                   height, AV_PIX_FMT_GRAY8, SWS_AREA, nullptr, nullptr, nullptr);
    if (context == nullptr) return false;
    return sws_scale(context, &from.data, &from.stride, 0, from.height, &to, &width) == height;
  }
};

picture_scaler::picture_scaler() : state_{std::make_unique<state>()} {}
picture_scaler::~picture_scaler() = default;

bool picture_scaler::is_usable(const AVFrame& frame) {
  const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  return format != nullptr && (format->flags & AV_PIX_FMT_FLAG_RGB) == 0 &&
         plane_of(frame, 0).data != nullptr;
}

wire::view_made picture_scaler::make(const AVFrame& frame, const view_target& target) {
  const auto luma = plane_of(frame, 0);
  const auto width = scaled(target.order.width, luma.width);
  const auto height = scaled(target.order.height, luma.height);
  const bool has_chroma = target.order.pixel_format == VIGIE_PIXEL_I420;
  if (!has_chroma && target.order.pixel_format != VIGIE_PIXEL_GRAY8) return {};
  const auto half_width = (width + 1) / 2;
  const auto half_height = (height + 1) / 2;
  const auto luma_bytes = std::size_t{width} * height;
  const auto chroma_bytes = has_chroma ? std::size_t{half_width} * half_height : 0;
  if (width == 0 || height == 0 || luma_bytes + 2 * chroma_bytes > target.memory.size()) return {};

  auto* at = target.memory.data();
  if (!state_->scale(0, luma, at, static_cast<int>(width), static_cast<int>(height))) return {};
  at += luma_bytes;
  for (int index = 1; has_chroma && index <= 2; ++index, at += chroma_bytes) {
    const auto chroma = plane_of(frame, index);
    if (chroma.data == nullptr)
      std::fill_n(at, chroma_bytes, std::uint8_t{128});  // a grey camera
    else if (!state_->scale(static_cast<std::size_t>(index), chroma, at,
                            static_cast<int>(half_width), static_cast<int>(half_height)))
      return {};
  }
  return {width, height};
}

}  // namespace vigie::analytics::child
