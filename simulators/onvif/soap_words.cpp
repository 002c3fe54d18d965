// SPDX-License-Identifier: Apache-2.0
#include "onvif/soap_words.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace vigie::simulators::onvif {

namespace {

using namespace std::chrono;

std::string namespace_of(pugi::xml_node node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  const std::string wanted =
      colon == std::string_view::npos ? "xmlns" : "xmlns:" + std::string{name.substr(0, colon)};
  for (; node; node = node.parent())
    if (const auto declared = node.attribute(wanted.c_str())) return declared.value();
  return {};
}

std::string base64_of(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string base64_decoded(std::string_view text) {
  if (text.size() % 4 != 0 || text.empty() || text.size() > 1024) return {};
  std::string out(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return {};
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  out.resize(static_cast<std::size_t>(length) - padding);
  return out;
}

}  // namespace

std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node at(pugi::xml_node from, std::string_view path) {
  while (from && !path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view step = path.substr(0, slash);
    pugi::xml_node next;
    for (const pugi::xml_node& one : from.children())
      if (one.type() == pugi::node_element && local_name(one) == step) {
        next = one;
        break;
      }
    from = next;
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  return from;
}

std::string text_at(const pugi::xml_node& from, std::string_view path) {
  const std::string_view text = at(from, path).text().get();
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return std::string{text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1)};
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::optional<soap_question> read_question(const std::string& text) {
  soap_question question;
  if (!question.document.load_buffer(text.data(), text.size())) return std::nullopt;
  question.header = at(question.document, "Envelope/Header");
  for (const pugi::xml_node& one : at(question.document, "Envelope/Body").children())
    if (one.type() == pugi::node_element && !question.body) question.body = one;
  if (!question.body) return std::nullopt;
  question.verb = local_name(question.body);
  question.service = namespace_of(question.body);
  return question;
}

std::string envelope(std::string_view body) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://www.w3.org/2003/05/soap-envelope\" "
      "xmlns:wsa5=\"http://www.w3.org/2005/08/addressing\" "
      "xmlns:tt=\"http://www.onvif.org/ver10/schema\" "
      "xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\" "
      "xmlns:trt=\"http://www.onvif.org/ver10/media/wsdl\" "
      "xmlns:tr2=\"http://www.onvif.org/ver20/media/wsdl\" "
      "xmlns:tptz=\"http://www.onvif.org/ver20/ptz/wsdl\" "
      "xmlns:tev=\"http://www.onvif.org/ver10/events/wsdl\" "
      "xmlns:wsnt=\"http://docs.oasis-open.org/wsn/b-2\" "
      "xmlns:wstop=\"http://docs.oasis-open.org/wsn/t-1\" "
      "xmlns:tns1=\"http://www.onvif.org/ver10/topics\" "
      "xmlns:ter=\"http://www.onvif.org/ver10/error\">"
      "<SOAP-ENV:Header/><SOAP-ENV:Body>{}</SOAP-ENV:Body></SOAP-ENV:Envelope>",
      body);
}

std::string fault_envelope(bool is_sender, std::string_view subcode, std::string_view reason) {
  return envelope(fmt::format(
      "<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:{}</SOAP-ENV:Value>"
      "<SOAP-ENV:Subcode><SOAP-ENV:Value>{}</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code>"
      "<SOAP-ENV:Reason><SOAP-ENV:Text xml:lang=\"en\">{}</SOAP-ENV:Text></SOAP-ENV:Reason>"
      "</SOAP-ENV:Fault>",
      is_sender ? "Sender" : "Receiver", subcode, reason));
}

std::string xml_time(utc_time at_time) {
  const auto day = floor<days>(at_time);
  const year_month_day date{day};
  const auto ms = (at_time - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

std::optional<utc_time> read_xml_time(std::string_view view) {
  const std::string text{view.substr(0, 40)};
  int y, mo, d, h, mi;
  double s;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%lfZ", &y, &mo, &d, &h, &mi, &s) != 6)
    return std::nullopt;
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)},
                            day{static_cast<unsigned>(d)}};
  if (!date.ok()) return std::nullopt;
  return sys_days{date} + hours{h} + minutes{mi} + milliseconds{std::lround(s * 1000)};
}

std::optional<milliseconds> read_span(std::string_view text, utc_time now) {
  if (const auto absolute = read_xml_time(text)) return *absolute - now;
  if (!text.starts_with("PT")) return std::nullopt;
  double total_s = 0;
  const std::string rest{text.substr(2)};
  const char* next = rest.c_str();
  while (*next != '\0') {
    char* end = nullptr;
    const double value = std::strtod(next, &end);
    if (end == next) return std::nullopt;
    if (*end == 'H')
      total_s += value * 3600;
    else if (*end == 'M')
      total_s += value * 60;
    else if (*end == 'S')
      total_s += value;
    else
      return std::nullopt;
    next = end + 1;
  }
  return milliseconds{std::lround(total_s * 1000)};
}

bool token_matches(const pugi::xml_node& header, const std::string& username,
                   const std::string& password, utc_time now) {
  const pugi::xml_node token = at(header, "Security/UsernameToken");
  const std::string created = text_at(token, "Created");
  const auto made = read_xml_time(created);
  if (!made || abs(*made - now) > seconds{5}) return false;
  std::string all = base64_decoded(text_at(token, "Nonce"));
  all += created + password;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned length = 0;
  EVP_Digest(all.data(), all.size(), digest.data(), &length, EVP_sha1(), nullptr);
  return text_at(token, "Username") == username &&
         text_at(token, "Password") == base64_of({reinterpret_cast<char*>(digest.data()), length});
}

}  // namespace vigie::simulators::onvif
