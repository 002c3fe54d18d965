// SPDX-License-Identifier: Apache-2.0
#include "analytics/picture_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace vigie::analytics {

result<std::shared_ptr<picture_memory>> picture_memory::make() {
  const auto failed = [](const char* what) {
    return fail(errc::child_failed, std::string{what} + ": " + std::strerror(errno));
  };
  std::shared_ptr<picture_memory> made{new picture_memory};
  constexpr auto bytes = slot_bytes * slots;
  made->descriptor_ = ::memfd_create("vigie-pictures", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (made->descriptor_ < 0) return failed("memfd_create");
  if (::ftruncate(made->descriptor_, static_cast<off_t>(bytes)) != 0) return failed("ftruncate");
  if (::fcntl(made->descriptor_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return failed("F_ADD_SEALS");
  void* const memory = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, made->descriptor_, 0);
  if (memory == MAP_FAILED) return failed("mmap");
  made->memory_ = static_cast<std::uint8_t*>(memory);
  for (auto i = slots; i > 0; --i) made->free_.push_back(i - 1);
  return made;
}

picture_memory::~picture_memory() {
  if (memory_ != nullptr) ::munmap(memory_, slot_bytes * slots);
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<std::uint32_t> picture_memory::take() {
  std::lock_guard lock{mutex_};
  if (free_.empty()) return std::nullopt;
  const auto slot = free_.back();  // the last given back: it is warm
  free_.pop_back();
  return slot;
}

void picture_memory::give_back(std::uint32_t slot) {
  std::lock_guard lock{mutex_};
  free_.push_back(slot);
}

std::shared_ptr<const void> picture_memory::own(std::uint32_t slot) {
  return {memory_ + slot * slot_bytes,
          [self = shared_from_this(), slot](const void*) { self->give_back(slot); }};
}

byte_view picture_memory::view(std::uint32_t slot, std::size_t bytes) const noexcept {
  return {memory_ + slot * slot_bytes, bytes};
}

}  // namespace vigie::analytics
