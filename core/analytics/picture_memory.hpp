// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace vigie::analytics {

/// Shared memory into which the decoder child writes pictures. Sealed against growing and
/// shrinking, so that a child cannot pull it from under us; what stands in it is the child's word.
/// A slot is free again when the last owner of its picture lets go. [thread-safe]
class picture_memory : public std::enable_shared_from_this<picture_memory> {
 public:
  /// A 3840×2160 picture in 4:2:0 fits one slot. Pages come as they are used.
  static constexpr std::size_t slot_bytes = 13U << 20;
  static constexpr std::uint32_t slots = 8;

  /// Errors: child_failed.
  static result<std::shared_ptr<picture_memory>> make();
  ~picture_memory();
  picture_memory(const picture_memory&) = delete;
  picture_memory& operator=(const picture_memory&) = delete;

  /// Nothing: all are in use, the picture is shed.
  std::optional<std::uint32_t> take();
  void give_back(std::uint32_t slot);
  /// The first `bytes` of a taken slot, given back with the last copy of the returned owner.
  std::shared_ptr<const void> own(std::uint32_t slot);
  byte_view view(std::uint32_t slot, std::size_t bytes) const noexcept;
  int descriptor() const noexcept { return descriptor_; }

 private:
  picture_memory() = default;
  std::mutex mutex_;
  std::vector<std::uint32_t> free_;
  std::uint8_t* memory_ = nullptr;
  int descriptor_ = -1;
};

}  // namespace vigie::analytics
