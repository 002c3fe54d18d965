// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.hpp"

namespace vigie::plugin_host {

/// Shared memory in which one child sees its frames. Sealed so that only this mapping, made before
/// the seal, can write: the child cannot map it for writing, grow it or shrink it. A slot is used
/// anew only after the child returned it. Not thread-safe.
class frame_pool {
 public:
  /// Room for frames of up to `frame_bytes`. Errors: child_failed.
  static result<std::unique_ptr<frame_pool>> make(std::uint32_t number, std::size_t frame_bytes);
  ~frame_pool();
  frame_pool(const frame_pool&) = delete;
  frame_pool& operator=(const frame_pool&) = delete;

  std::optional<std::uint32_t> take() noexcept;
  /// False when that slot was not out.
  bool give_back(std::uint32_t slot) noexcept;
  bool all_back() const noexcept { return free_.size() == is_out_.size(); }

  std::uint32_t number() const noexcept { return number_; }
  int descriptor() const noexcept { return descriptor_; }
  std::size_t bytes() const noexcept { return slot_bytes_ * is_out_.size(); }
  std::size_t slot_bytes() const noexcept { return slot_bytes_; }
  std::size_t offset_of(std::uint32_t slot) const noexcept { return slot * slot_bytes_; }
  std::uint8_t* at(std::uint32_t slot) noexcept { return memory_ + offset_of(slot); }

 private:
  frame_pool() = default;
  std::uint32_t number_ = 0;
  int descriptor_ = -1;
  std::uint8_t* memory_ = nullptr;
  std::size_t slot_bytes_ = 0;
  std::vector<std::uint32_t> free_;  ///< the last given back is the first taken: it is warm
  std::vector<bool> is_out_;
};

/// The pools of one child, by size. Sizes of a centre's cameras are few: a handful at most. Not
/// thread-safe.
class frame_pools {
 public:
  /// Null: that size is one too many, or there is no memory.
  frame_pool* with_room_for(std::size_t frame_bytes);
  /// True once for each pool: it has to be shown to the child.
  bool is_new(const frame_pool& pool) noexcept;
  /// False when the child did not have that frame.
  bool give_back(std::uint32_t pool, std::uint32_t slot) noexcept;

 private:
  std::vector<std::unique_ptr<frame_pool>> pools_;  ///< numbered from 1
  std::size_t shown_ = 0;
};

}  // namespace vigie::plugin_host
