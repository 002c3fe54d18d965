// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vigie::plugin_host::conformance {

/// Configuration number `number` of a seed: `base` with one to four changes (values replaced, keys
/// added, bytes flipped, text cut, repeated or nested deeper), valid JSON or not, at most 128 KiB.
/// The same three arguments give the same text on every machine. [thread-safe]
std::string mutated_config(std::string_view base, std::uint64_t seed, std::size_t number);

}  // namespace vigie::plugin_host::conformance
