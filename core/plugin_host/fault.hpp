// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::plugin_host {

/// What a plugin did wrong, as it is named on the bus, in the journal and in logs. Numbers are
/// stable.
enum class fault : std::uint8_t {
  refused_manifest = 1,  ///< manifest, hash, ABI, id or kind: none of its code was started
  failed_start = 2,      ///< load, init or start said no
  crashed = 3,           ///< its process ended by itself or by a signal
  hung = 4,              ///< a call did not return within its deadline
  flooded = 5,           ///< more messages, lines or bytes than its share
  bad_detection = 6,     ///< a signal out of range or of a type it did not declare
  bad_packet = 7,        ///< a picture that breaks the packet rules
  bad_event = 8,         ///< a device event or report that makes no sense
  foreign_camera = 9,    ///< named a camera that is not its own
  kept_frames = 10,      ///< retained more frames than allowed, or released one twice
  denied_access = 11,    ///< tried a file, an address or a system call it has no permission for
  memory_limit = 12,     ///< ran into its memory, thread or descriptor limit
  broke_protocol = 13,   ///< its process wrote nonsense on its channel
  wrong_thread = 14,     ///< called the host when or where the tags forbid it
};

/// "crashed", "bad_detection", …: as on the bus. [thread-safe]
std::string_view name_of(fault f) noexcept;

/// True for faults after which the instance is gone and must be started anew. [thread-safe]
bool ends_instance(fault f) noexcept;

/// True for a number that is a fault: for numbers read from a channel. [thread-safe]
bool is_fault(std::uint8_t number) noexcept;

}  // namespace vigie::plugin_host
