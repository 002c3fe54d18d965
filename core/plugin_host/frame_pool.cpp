// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/frame_pool.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

// Linux 5.1; the C library's headers may be older than the kernel.
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

namespace vigie::plugin_host {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t most_pools = 4;
constexpr std::size_t pool_bytes = 96U << 20;  // of address space; pages come as they are used

}  // namespace

result<std::unique_ptr<frame_pool>> frame_pool::make(std::uint32_t number,
                                                     std::size_t frame_bytes) {
  const auto failed = [](const char* what) {
    return fail(errc::child_failed, std::string{what} + ": " + std::strerror(errno));
  };
  std::unique_ptr<frame_pool> pool{new frame_pool};
  pool->number_ = number;
  pool->slot_bytes_ = (frame_bytes + page_bytes - 1) / page_bytes * page_bytes;
  const auto slots = std::clamp<std::size_t>(pool_bytes / pool->slot_bytes_, 4, 96);
  const auto bytes = slots * pool->slot_bytes_;
  pool->descriptor_ = ::memfd_create("vigie-frames", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (pool->descriptor_ < 0) return failed("memfd_create");
  if (::ftruncate(pool->descriptor_, static_cast<off_t>(bytes)) != 0) return failed("ftruncate");
  void* const memory =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, pool->descriptor_, 0);
  if (memory == MAP_FAILED) return failed("mmap");
  pool->memory_ = static_cast<std::uint8_t*>(memory);
  pool->is_out_.assign(slots, false);
  if (::fcntl(pool->descriptor_, F_ADD_SEALS,
              F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) != 0)
    return failed("F_ADD_SEALS");
  for (std::size_t i = slots; i > 0; --i) pool->free_.push_back(static_cast<std::uint32_t>(i - 1));
  return pool;
}

frame_pool::~frame_pool() {
  if (memory_ != nullptr) ::munmap(memory_, bytes());
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<std::uint32_t> frame_pool::take() noexcept {
  if (free_.empty()) return std::nullopt;
  const auto slot = free_.back();
  free_.pop_back();
  is_out_[slot] = true;
  return slot;
}

bool frame_pool::give_back(std::uint32_t slot) noexcept {
  if (slot >= is_out_.size() || !is_out_[slot]) return false;
  is_out_[slot] = false;
  free_.push_back(slot);
  return true;
}

frame_pool* frame_pools::with_room_for(std::size_t frame_bytes) {
  for (auto& pool : pools_)
    if (pool->slot_bytes() >= frame_bytes) return pool.get();
  if (pools_.size() >= most_pools) return nullptr;
  auto made = frame_pool::make(static_cast<std::uint32_t>(pools_.size() + 1), frame_bytes);
  if (!made) return nullptr;
  pools_.push_back(std::move(*made));
  return pools_.back().get();
}

bool frame_pools::is_new(const frame_pool& pool) noexcept {
  if (pool.number() <= shown_) return false;
  shown_ = pool.number();
  return true;
}

bool frame_pools::give_back(std::uint32_t pool, std::uint32_t slot) noexcept {
  return pool >= 1 && pool <= pools_.size() && pools_[pool - 1]->give_back(slot);
}

}  // namespace vigie::plugin_host
