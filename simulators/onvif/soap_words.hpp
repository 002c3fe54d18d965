// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace vigie::simulators::onvif {

using utc_time = std::chrono::sys_time<std::chrono::milliseconds>;

/// A question to a device.
struct soap_question {
  pugi::xml_document document;
  pugi::xml_node header, body;  ///< body: its first element
  std::string verb;             ///< "GetProfiles"
  std::string service;          ///< the verb's namespace
};

std::optional<soap_question> read_question(const std::string& text);

std::string_view local_name(const pugi::xml_node& node);
/// Follows "A/B/C" by local names.
pugi::xml_node at(pugi::xml_node from, std::string_view path);
std::string text_at(const pugi::xml_node& from, std::string_view path);
std::string escaped(std::string_view text);

/// An answer's envelope around its body.
std::string envelope(std::string_view body);
/// A SOAP 1.2 fault with an ONVIF subcode ("ter:NotAuthorized").
std::string fault_envelope(bool is_sender, std::string_view subcode, std::string_view reason);

std::string xml_time(utc_time at);
std::optional<utc_time> read_xml_time(std::string_view text);
/// xs:duration of seconds, "PT1.5S" or "PT1M", or an absolute xs:dateTime seen from `now`.
std::optional<std::chrono::milliseconds> read_span(std::string_view text, utc_time now);

/// True when the UsernameToken proves the password and was made within five seconds of `now`.
bool token_matches(const pugi::xml_node& header, const std::string& username,
                   const std::string& password, utc_time now);

}  // namespace vigie::simulators::onvif
