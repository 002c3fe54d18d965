// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vigie::cap {

/// Checks a document against the rules of the CAP 1.2 schema and of its conditional elements
/// (§3.2): namespace, names, fixed order, how often, value lists, times with a numeric offset,
/// characters of identifier and sender, addresses when Private, references when not an Alert.
/// Returns what is broken, one sentence each; empty when the document may be sent.
std::vector<std::string> breaches_of(std::string_view xml);

}  // namespace vigie::cap
