// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "failure.hpp"

namespace vigie::onvif {

inline constexpr std::size_t max_message_bytes = 1024 * 1024;
inline constexpr int max_depth = 64;

/// Parses a message of a device nobody trusts: at most 1 MiB and 64 levels, no document type (so no
/// entity but the five of XML itself). Errors: VIGIE_E_IO.
outcome<pugi::xml_document> parse_bounded(std::string_view text);

/// A name without its prefix: devices choose prefixes freely.
std::string_view local_name(const pugi::xml_node& node);
/// First child element of that local name; an empty node when there is none.
pugi::xml_node child(const pugi::xml_node& parent, std::string_view name);
/// Follows "Body/Fault/Code" by local names.
pugi::xml_node at(pugi::xml_node from, std::string_view path);
/// Trimmed text of the element at `path`.
std::string text_at(const pugi::xml_node& from, std::string_view path);
/// Value of the attribute with that local name.
std::string attribute(const pugi::xml_node& node, std::string_view name);
/// The namespace a prefix stands for at `node`; empty when it is not declared.
std::string namespace_of(pugi::xml_node node, std::string_view prefix);

/// Text fit for an element or an attribute value.
std::string escaped(std::string_view text);
/// XML boolean: "true", "1".
bool is_true(std::string_view text);

}  // namespace vigie::onvif
