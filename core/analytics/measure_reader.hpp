// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "analytics/decoder_wire.hpp"
#include "base/bytes.hpp"

namespace vigie::analytics {

/// What the decoder child says, in whatever pieces it comes: a greeting, then measures. Holds less
/// than one record between calls, however much the child writes. Pure; one owner, one thread.
class measure_reader {
 public:
  /// Calls `take` with every record these bytes complete. False at the first one that breaks a
  /// bound of the wire or that `take` refuses: nothing more of this child is to be believed.
  bool feed(byte_view bytes, const std::function<bool(const wire::measure&)>& take);

  /// plugin_host::sandbox_layer bits; nothing before the greeting.
  std::optional<std::uint32_t> sandbox_layers() const noexcept { return sandbox_layers_; }
  std::size_t buffered_bytes() const noexcept { return rest_.size(); }

 private:
  std::vector<std::uint8_t> rest_;
  std::optional<std::uint32_t> sandbox_layers_;
};

/// Whether every figure lies where a picture's figures lie: shares in 0..1, changes in 0..255 or
/// the -1 of a first picture. [thread-safe]
bool is_sound(const wire::measure& said) noexcept;

}  // namespace vigie::analytics
