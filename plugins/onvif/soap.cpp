// SPDX-License-Identifier: Apache-2.0
#include "soap.hpp"

#include <fmt/format.h>

#include "xml.hpp"

namespace vigie::onvif {

namespace {

pugi::xml_node first_element(const pugi::xml_node& parent) {
  for (const pugi::xml_node& one : parent.children())
    if (one.type() == pugi::node_element) return one;
  return {};
}

// Every subcode of a Fault, outermost first, and the reason, for matching only: what a device
// writes there reaches no log.
std::string codes_of(const pugi::xml_node& fault) {
  std::string all;
  pugi::xml_node code = child(fault, "Code");
  for (int level = 0; code && level < 4; ++level, code = child(code, "Subcode"))
    all += text_at(code, "Value") + ' ';
  return all + text_at(fault, "faultcode");
}

failure of_fault(const pugi::xml_node& fault) {
  struct rule {
    std::string_view part;
    vigie_status_t code;
    const char* text;
  };
  static constexpr rule rules[] = {
      {"NotAuthorized", VIGIE_E_AUTH, "the device refuses the credentials"},
      {"FailedAuthentication", VIGIE_E_AUTH, "the device refuses the credentials"},
      {"InvalidSecurity", VIGIE_E_AUTH, "the device refuses the credentials"},
      {"OperationProhibited", VIGIE_E_AUTH, "the account may not do this"},
      {"ActionNotSupported", VIGIE_E_UNSUPPORTED, "the device cannot do this"},
      {"NotImplemented", VIGIE_E_UNSUPPORTED, "the device cannot do this"},
      {"UnknownAction", VIGIE_E_UNSUPPORTED, "the device cannot do this"},
      {"NoEntity", VIGIE_E_NOT_FOUND, "the device does not know that token"},
      {"NoProfile", VIGIE_E_NOT_FOUND, "the device does not know that profile"},
      {"NoToken", VIGIE_E_NOT_FOUND, "the device does not know that token"},
      {"NoConfig", VIGIE_E_NOT_FOUND, "the device does not know that configuration"},
      {"InvalidArg", VIGIE_E_INVALID, "the device refuses an argument"},
  };
  const std::string codes = codes_of(fault);
  for (const rule& one : rules)
    if (codes.find(one.part) != std::string::npos) return {one.code, one.text};
  return {VIGIE_E_IO, "the device answers with a fault"};
}

}  // namespace

std::string envelope(std::string_view headers, std::string_view body) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
      "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
      "xmlns:a=\"http://www.w3.org/2005/08/addressing\" "
      "xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\" "
      "xmlns:trt=\"http://www.onvif.org/ver10/media/wsdl\" "
      "xmlns:tr2=\"http://www.onvif.org/ver20/media/wsdl\" "
      "xmlns:tptz=\"http://www.onvif.org/ver20/ptz/wsdl\" "
      "xmlns:tev=\"http://www.onvif.org/ver10/events/wsdl\" "
      "xmlns:wsnt=\"http://docs.oasis-open.org/wsn/b-2\" "
      "xmlns:tt=\"http://www.onvif.org/ver10/schema\">"
      "<s:Header>{}</s:Header><s:Body>{}</s:Body></s:Envelope>",
      headers, body);
}

pugi::xml_node message::content() const { return first_element(at(document, "Envelope/Body")); }

outcome<message> read_answer(int http_status, std::string_view text) {
  if (http_status == 401 || http_status == 403)
    return failed(VIGIE_E_AUTH, "the device refuses the credentials");
  if (http_status == 404) return failed(VIGIE_E_UNSUPPORTED, "the device has no such service");
  auto parsed = parse_bounded(text);
  if (!parsed && http_status != 200)
    return failed(VIGIE_E_IO, fmt::format("the device answers with HTTP {}", http_status));
  if (!parsed) return tl::unexpected{parsed.error()};
  message answer{std::move(*parsed)};
  const pugi::xml_node content = answer.content();
  if (!content) return failed(VIGIE_E_IO, "the answer is no SOAP message");
  if (local_name(content) == "Fault") return tl::unexpected{of_fault(content)};
  if (http_status != 200)
    return failed(VIGIE_E_IO, fmt::format("the device answers with HTTP {}", http_status));
  return answer;
}

}  // namespace vigie::onvif
