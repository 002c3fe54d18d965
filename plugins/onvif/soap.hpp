// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "failure.hpp"

namespace vigie::onvif {

/// A SOAP 1.2 message with every ONVIF prefix the requests here use. Both parts are XML.
std::string envelope(std::string_view headers, std::string_view body);

/// An answer: the document and the first element of its body.
struct message {
  pugi::xml_document document;
  pugi::xml_node content() const;
};

/// Reads an answer. A Fault becomes VIGIE_E_AUTH, VIGIE_E_UNSUPPORTED, VIGIE_E_NOT_FOUND or
/// VIGIE_E_IO by its subcode (ONVIF Core §5.8.2); what is no SOAP message, VIGIE_E_IO.
outcome<message> read_answer(int http_status, std::string_view text);

}  // namespace vigie::onvif
