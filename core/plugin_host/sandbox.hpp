// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace vigie::plugin_host {

/// What a child gave up before it touched untrusted bytes.
enum sandbox_layer : std::uint32_t {
  dies_with_parent = 1U << 0,
  no_new_privileges = 1U << 1,
  resource_limits = 1U << 2,   ///< memory, descriptors, no core dumps, no new files
  empty_namespaces = 1U << 3,  ///< own user, network, mount, ipc: no network at all
  system_call_filter = 1U << 4,
  file_rules = 1U << 5,  ///< plugins only: no path but those granted (Landlock)
  call_audit = 1U << 6,  ///< plugins only: attempts are judged and told by the centre
};
inline constexpr std::uint32_t all_sandbox_layers = 0x1f;  ///< of the decoder
inline constexpr std::uint32_t all_plugin_layers = 0x7f;

struct sandbox_limits {
  std::uint64_t address_space_bytes = 2ULL << 30;
  std::uint64_t descriptors = 16;
};

/// Called by the child itself, before it starts threads and reads its channel. Every layer the
/// kernel grants is applied; the returned bits say which, and the host logs what is missing.
/// Irreversible.
std::uint32_t enter_sandbox(const sandbox_limits& limits);

/// "no_new_privileges, system_call_filter": the layers in `bits`.
std::string describe_layers(std::uint32_t bits);

}  // namespace vigie::plugin_host
