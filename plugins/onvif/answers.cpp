// SPDX-License-Identifier: Apache-2.0
#include "answers.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "xml.hpp"

namespace vigie::onvif {

namespace {

using namespace std::chrono;

std::optional<vigie_utc_us_t> utc_of(int y, int mo, int d, int h, int mi, int s) {
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)},
                            day{static_cast<unsigned>(d)}};
  if (!date.ok() || y < 1970 || y > 9999 || h < 0 || h > 24 || mi < 0 || mi > 59 || s < 0 || s > 60)
    return std::nullopt;
  const sys_seconds at = sys_days{date} + hours{h} + minutes{mi} + seconds{s};
  return duration_cast<microseconds>(at.time_since_epoch()).count();
}

int number_at(const pugi::xml_node& from, std::string_view path) {
  const std::string text = text_at(from, path);
  return text.empty() ? -1 : std::atoi(text.c_str());
}

/// A coordinate of ONVIF's plane in thousandths.
std::uint16_t thousandths(double value) {
  const double scaled = (value + 1) * 500;
  return static_cast<std::uint16_t>(
      std::lround(std::clamp(std::isfinite(scaled) ? scaled : 0., 0., 1000.)));
}

}  // namespace

void put_text(char* into, std::size_t size, std::string_view text) {
  std::string clean;
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) clean += c;
  std::size_t length = std::min(clean.size(), size - 1);
  if (length < clean.size())
    while (length > 0 && (static_cast<unsigned char>(clean[length]) & 0xc0) == 0x80) --length;
  std::memcpy(into, clean.data(), length);
  into[length] = '\0';
}

std::optional<vigie_utc_us_t> read_xml_time(std::string_view view) {
  const std::string text{view.substr(0, 40)};
  int y, mo, d, h, mi, s, used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%n", &y, &mo, &d, &h, &mi, &s, &used) != 6)
    return std::nullopt;
  auto at = utc_of(y, mo, d, h, mi, s);
  if (!at) return std::nullopt;
  std::size_t i = static_cast<std::size_t>(used);
  if (i < text.size() && text[i] == '.') {
    vigie_utc_us_t unit = 100'000;
    for (++i; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i, unit /= 10)
      *at += (text[i] - '0') * unit;
  }
  if (i == text.size() || (text[i] == 'Z' && i + 1 == text.size())) return at;
  int off_h = 0, off_m = 0;
  if ((text[i] != '+' && text[i] != '-') ||
      std::sscanf(text.c_str() + i + 1, "%2d:%2d", &off_h, &off_m) != 2)
    return std::nullopt;
  const vigie_utc_us_t offset = (off_h * 60LL + off_m) * 60'000'000;
  return text[i] == '+' ? *at - offset : *at + offset;
}

outcome<vigie_utc_us_t> read_system_time(const message& answer) {
  const pugi::xml_node utc = at(answer.content(), "SystemDateAndTime/UTCDateTime");
  const auto when = utc_of(number_at(utc, "Date/Year"), number_at(utc, "Date/Month"),
                           number_at(utc, "Date/Day"), number_at(utc, "Time/Hour"),
                           number_at(utc, "Time/Minute"), number_at(utc, "Time/Second"));
  if (!utc || !when) return failed(VIGIE_E_IO, "the device tells no UTC time");
  return *when;
}

services read_services(const message& answer) {
  services found;
  const auto take = [](std::string& into, const pugi::xml_node& one) {
    if (into.empty()) into = text_at(one, "XAddr");
  };
  for (const pugi::xml_node& one : answer.content().children()) {
    const std::string ns = text_at(one, "Namespace");
    if (ns == "http://www.onvif.org/ver10/media/wsdl") take(found.media, one);
    if (ns == "http://www.onvif.org/ver20/media/wsdl") take(found.media2, one);
    if (ns == "http://www.onvif.org/ver20/ptz/wsdl") take(found.ptz, one);
    if (ns == "http://www.onvif.org/ver10/events/wsdl") take(found.events, one);
  }
  return found;
}

services read_capabilities(const message& answer) {
  const pugi::xml_node all = child(answer.content(), "Capabilities");
  services found;
  found.media = text_at(all, "Media/XAddr");
  found.media2 = text_at(all, "Extension/Media2/XAddr");
  found.ptz = text_at(all, "PTZ/XAddr");
  found.events = text_at(all, "Events/XAddr");
  return found;
}

void read_device_information(const message& answer, vigie_device_info_t& into) {
  const pugi::xml_node told = answer.content();
  put_text(into.manufacturer, sizeof into.manufacturer, text_at(told, "Manufacturer"));
  put_text(into.model, sizeof into.model, text_at(told, "Model"));
  put_text(into.firmware, sizeof into.firmware, text_at(told, "FirmwareVersion"));
  put_text(into.serial, sizeof into.serial, text_at(told, "SerialNumber"));
}

std::vector<profile> read_profiles(const message& answer) {
  std::vector<profile> all;
  for (const pugi::xml_node& one : answer.content().children()) {
    if (local_name(one) != "Profiles" || all.size() == 64) continue;
    // Media2 nests the configurations and shortens their names.
    const pugi::xml_node nested = child(one, "Configurations");
    const pugi::xml_node encoder =
        nested ? child(nested, "VideoEncoder") : child(one, "VideoEncoderConfiguration");
    const pugi::xml_node source =
        nested ? child(nested, "VideoSource") : child(one, "VideoSourceConfiguration");
    const pugi::xml_node ptz = nested ? child(nested, "PTZ") : child(one, "PTZConfiguration");
    all.push_back({attribute(one, "token"), text_at(encoder, "Encoding"),
                   attribute(source, "token"), static_cast<bool>(ptz)});
  }
  return all;
}

const profile* choose_profile(const std::vector<profile>& all, std::string_view wanted) {
  const auto first = [&](auto is_it) -> const profile* {
    const auto found = std::find_if(all.begin(), all.end(), is_it);
    return found == all.end() ? nullptr : &*found;
  };
  if (!wanted.empty()) return first([&](const profile& p) { return p.token == wanted; });
  if (const profile* best = first([](const profile& p) { return p.encoding == "H264"; }))
    return best;
  return first([](const profile& p) { return !p.encoding.empty(); });
}

std::string read_stream_uri(const message& answer) {
  const std::string direct = text_at(answer.content(), "Uri");
  return direct.empty() ? text_at(answer.content(), "MediaUri/Uri") : direct;
}

std::vector<vigie_ptz_preset_t> read_presets(const message& answer) {
  std::vector<vigie_ptz_preset_t> all;
  for (const pugi::xml_node& one : answer.content().children()) {
    const std::string token = attribute(one, "token");
    vigie_ptz_preset_t preset{};
    preset.size = sizeof preset;
    // A token that was cut would name another preset.
    if (local_name(one) != "Preset" || token.empty() || token.size() >= sizeof preset.token)
      continue;
    put_text(preset.token, sizeof preset.token, token);
    put_text(preset.name, sizeof preset.name, text_at(one, "Name"));
    if (all.size() < 512) all.push_back(preset);
  }
  return all;
}

std::vector<vigie_privacy_mask_t> read_masks(const message& answer) {
  std::vector<vigie_privacy_mask_t> all;
  for (const pugi::xml_node& one : answer.content().children()) {
    if (local_name(one) != "Masks" || all.size() == 64) continue;
    vigie_privacy_mask_t mask{};
    mask.size = sizeof mask;
    const std::string token = attribute(one, "token");
    bool fits = !token.empty() && token.size() < sizeof mask.token;
    for (const pugi::xml_node& point : child(one, "Polygon").children()) {
      if (local_name(point) != "Point") continue;
      if (mask.point_count == 16) fits = false;
      if (!fits) break;
      mask.points[2 * mask.point_count] = thousandths(std::atof(attribute(point, "x").c_str()));
      mask.points[2 * mask.point_count + 1] =
          thousandths(-std::atof(attribute(point, "y").c_str()));
      ++mask.point_count;
    }
    if (!fits || mask.point_count < 3) continue;
    put_text(mask.token, sizeof mask.token, token);
    all.push_back(mask);
  }
  return all;
}

std::string read_created_mask(const message& answer) { return text_at(answer.content(), "Token"); }

outcome<subscription> read_subscription(const message& answer) {
  const pugi::xml_node told = answer.content();
  subscription made;
  made.address = text_at(told, "SubscriptionReference/Address");
  if (made.address.empty()) return failed(VIGIE_E_IO, "the device tells no subscription address");
  for (const pugi::xml_node& one :
       at(told, "SubscriptionReference/ReferenceParameters").children()) {
    if (one.type() != pugi::node_element) continue;
    // Its prefix may be declared further up.
    pugi::xml_document copy;
    pugi::xml_node root = copy.append_copy(one);
    const std::string_view name = one.name();
    const std::size_t colon = name.find(':');
    const std::string prefix{colon == std::string_view::npos ? "" : name.substr(0, colon)};
    const std::string declared = prefix.empty() ? "xmlns" : "xmlns:" + prefix;
    if (!root.attribute(declared.c_str()))
      root.append_attribute(declared.c_str()) = namespace_of(one, prefix).c_str();
    root.append_attribute("a:IsReferenceParameter") = "true";
    std::ostringstream text;
    root.print(text, "", pugi::format_raw);
    if (made.reference_headers.size() + text.str().size() > 4096)
      return failed(VIGIE_E_IO, "the device's subscription reference is too large");
    made.reference_headers += text.str();
  }
  const auto from = read_xml_time(text_at(told, "CurrentTime"));
  const auto to = read_xml_time(text_at(told, "TerminationTime"));
  if (from && to && *to > *from) made.life = seconds{(*to - *from) / 1'000'000};
  return made;
}

}  // namespace vigie::onvif
