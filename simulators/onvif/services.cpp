// SPDX-License-Identifier: Apache-2.0
// The Device, Media, Media2 and PTZ services of an emulated device.
#include <fmt/format.h>

#include <cstdlib>

#include "onvif/device.hpp"

namespace vigie::simulators::onvif {

namespace {

struct service_place {
  std::string_view name, ns, path;
};
constexpr service_place places[] = {
    {"Device", "http://www.onvif.org/ver10/device/wsdl", "/onvif/device_service"},
    {"Media", "http://www.onvif.org/ver10/media/wsdl", "/onvif/media_service"},
    {"Media2", "http://www.onvif.org/ver20/media/wsdl", "/onvif/media2"},
    {"PTZ", "http://www.onvif.org/ver20/ptz/wsdl", "/onvif/ptz"},
    {"Events", "http://www.onvif.org/ver10/events/wsdl", "/onvif/event"}};

struct stream_profile {
  std::string_view token, name, encoding;
  unsigned width, height;
};
// The small one first, as some do: the first profile is not always the wanted one.
constexpr stream_profile all_profiles[] = {{"profile_jpeg", "Snapshots", "JPEG", 320, 180},
                                           {"profile_main", "Main", "H264", 640, 360}};

double number(const pugi::xml_node& node, const char* attribute) {
  return std::atof(node.attribute(attribute).value());
}

ptz_position vector_of(const pugi::xml_node& node) {
  return {number(at(node, "PanTilt"), "x"), number(at(node, "PanTilt"), "y"),
          number(at(node, "Zoom"), "x")};
}

std::string vector_text(const ptz_position& p) {
  return fmt::format("<tt:PanTilt x=\"{:.4f}\" y=\"{:.4f}\"/><tt:Zoom x=\"{:.4f}\"/>", p.pan,
                     p.tilt, p.zoom);
}

bool is_profile(const std::string& token) {
  for (const stream_profile& p : all_profiles)
    if (p.token == token) return true;
  return false;
}

}  // namespace

http_reply device::device_service(const soap_question& q) {
  const bool no_media2 = fault_ == device_fault::no_media2;
  if (q.verb == "GetSystemDateAndTime") {
    const auto day = std::chrono::floor<std::chrono::days>(now());
    const std::chrono::year_month_day date{day};
    const auto s = std::chrono::floor<std::chrono::seconds>(now() - day).count();
    return said(fmt::format(
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP"
        "</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>UTC0"
        "</tt:TZ></tt:TimeZone><tt:UTCDateTime><tt:Time><tt:Hour>{}</tt:Hour><tt:Minute>{}"
        "</tt:Minute><tt:Second>{}</tt:Second></tt:Time><tt:Date><tt:Year>{}</tt:Year><tt:Month>{}"
        "</tt:Month><tt:Day>{}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>"
        "</tds:GetSystemDateAndTimeResponse>",
        s / 3600, s / 60 % 60, s % 60, static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())));
  }
  if (q.verb == "GetDeviceInformation")
    return said(
        fmt::format("<tds:GetDeviceInformationResponse><tds:Manufacturer>Vigie &amp; fils"
                    "</tds:Manufacturer><tds:Model>VS-{}</tds:Model><tds:FirmwareVersion>"
                    "1.2.3</tds:FirmwareVersion><tds:SerialNumber>{:08}</tds:SerialNumber>"
                    "<tds:HardwareId>sim</tds:HardwareId></tds:GetDeviceInformationResponse>",
                    index_ % 2 == 0 ? 200 : 100, index_));
  if (q.verb == "GetServices" && !no_media2) {
    std::string all;
    for (const service_place& p : places)
      all += fmt::format(
          "<tds:Service><tds:Namespace>{}</tds:Namespace><tds:XAddr>{}{}</tds:XAddr>"
          "<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version>"
          "</tds:Service>",
          p.ns, base_address(), p.path);
    return said("<tds:GetServicesResponse>" + all + "</tds:GetServicesResponse>");
  }
  if (q.verb == "GetCapabilities") {
    std::string all;
    for (const service_place& p : places) {
      if (p.name == "Media2") continue;  // it knows the first services only
      const std::string_view more =
          p.name == "Events" ? "<tt:WSPullPointSupport>true</tt:WSPullPointSupport>" : "";
      all += fmt::format("<tt:{0}><tt:XAddr>{1}{2}</tt:XAddr>{3}</tt:{0}>", p.name, base_address(),
                         p.path, more);
    }
    return said("<tds:GetCapabilitiesResponse><tds:Capabilities>" + all +
                "</tds:Capabilities></tds:GetCapabilitiesResponse>");
  }
  if (q.verb == "GetScopes")
    return said(
        fmt::format("<tds:GetScopesResponse><tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef>"
                    "<tt:ScopeItem>onvif://www.onvif.org/name/{}</tt:ScopeItem></tds:Scopes>"
                    "</tds:GetScopesResponse>",
                    id_));
  return not_supported();
}

std::string device::profiles(bool media2) const {
  std::string all;
  for (const stream_profile& p : all_profiles) {
    const std::string source =
        "<tt:Name>source</tt:Name><tt:UseCount>2</tt:UseCount>"
        "<tt:SourceToken>VideoSource_1</tt:SourceToken>"
        "<tt:Bounds x=\"0\" y=\"0\" width=\"640\" height=\"360\"/>";
    const std::string encoder = fmt::format(
        "<tt:Name>{0}</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>{1}</tt:Encoding>"
        "<tt:Resolution><tt:Width>{2}</tt:Width><tt:Height>{3}</tt:Height></tt:Resolution>"
        "<tt:Quality>4</tt:Quality>",
        p.name, p.encoding, p.width, p.height);
    const std::string_view ptz =
        "<tt:Name>ptz</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>ptz_node</tt:NodeToken>";
    all += media2 ? fmt::format(
                        "<tr2:Profiles token=\"{0}\" fixed=\"true\"><tr2:Name>{1}</tr2:Name>"
                        "<tr2:Configurations><tr2:VideoSource token=\"source_config\">{2}"
                        "</tr2:VideoSource><tr2:VideoEncoder token=\"encoder_{0}\">{3}"
                        "</tr2:VideoEncoder><tr2:PTZ token=\"ptz_config\">{4}</tr2:PTZ>"
                        "</tr2:Configurations></tr2:Profiles>",
                        p.token, p.name, source, encoder, ptz)
                  : fmt::format(
                        "<trt:Profiles token=\"{0}\" fixed=\"true\"><tt:Name>{1}</tt:Name>"
                        "<tt:VideoSourceConfiguration token=\"source_config\">{2}"
                        "</tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration "
                        "token=\"encoder_{0}\">{3}</tt:VideoEncoderConfiguration>"
                        "<tt:PTZConfiguration token=\"ptz_config\">{4}</tt:PTZConfiguration>"
                        "</trt:Profiles>",
                        p.token, p.name, source, encoder, ptz);
  }
  return all;
}

http_reply device::media_service(const soap_question& q, bool media2) {
  const std::string_view tag = media2 ? "tr2" : "trt";
  if (q.verb == "GetProfiles")
    return said(fmt::format("<{0}:GetProfilesResponse>{1}</{0}:GetProfilesResponse>", tag,
                            profiles(media2)));
  if (q.verb == "GetStreamUri") {
    if (!is_profile(text_at(q.body, "ProfileToken")))
      return refused("ter:NoProfile", "There is no such profile");
    const std::string host =
        fault_ == device_fault::foreign_addresses ? "admin:secret@192.0.2.77" : host_;
    const std::string uri = fmt::format("rtsp://{}:{}{}", host, options_.farm_port, options_.path);
    if (media2)
      return said("<tr2:GetStreamUriResponse><tr2:Uri>" + uri +
                  "</tr2:Uri></tr2:GetStreamUriResponse>");
    return said("<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>" + uri +
                "</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect>"
                "<tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout>"
                "</trt:MediaUri></trt:GetStreamUriResponse>");
  }
  if (q.verb == "GetVideoSources" && !media2)
    return said(
        "<trt:GetVideoSourcesResponse><trt:VideoSources token=\"VideoSource_1\">"
        "<tt:Framerate>12</tt:Framerate><tt:Resolution><tt:Width>640</tt:Width>"
        "<tt:Height>360</tt:Height></tt:Resolution></trt:VideoSources>"
        "</trt:GetVideoSourcesResponse>");
  if (!media2) return not_supported();
  if (q.verb == "GetMasks") {
    std::string all;
    for (const auto& [token, m] : masks_)
      all += fmt::format(
          "<tr2:Masks token=\"{}\"><tr2:ConfigurationToken>{}"
          "</tr2:ConfigurationToken>{}<tr2:Type>{}</tr2:Type><tr2:Enabled>{}"
          "</tr2:Enabled></tr2:Masks>",
          token, m.configuration, m.polygon, m.type, m.is_enabled);
    return said("<tr2:GetMasksResponse>" + all + "</tr2:GetMasksResponse>");
  }
  if (q.verb == "CreateMask") return write_mask(q, true);
  if (q.verb == "SetMask") return write_mask(q, false);
  return not_supported();
}

http_reply device::write_mask(const soap_question& q, bool is_new) {
  const pugi::xml_node told = at(q.body, "Mask");
  const std::string token =
      is_new ? fmt::format("mask_{}", next_mask_) : told.attribute("token").value();
  if (text_at(told, "ConfigurationToken") != "source_config")
    return refused("ter:NoConfig", "There is no such video source configuration");
  if (!is_new && !masks_.contains(token)) return refused("ter:NoMask", "There is no such mask");
  if (masks_.size() >= 8 && is_new) return refused("ter:MaxMasks", "No more masks");
  std::string polygon = "<tr2:Polygon>";
  unsigned points = 0;
  for (const pugi::xml_node& point : at(told, "Polygon").children()) {
    const double x = number(point, "x"), y = number(point, "y");
    if (x < -1 || x > 1 || y < -1 || y > 1)
      return refused("ter:InvalidPolygon", "Outside of the picture");
    polygon += fmt::format("<tt:Point x=\"{:.3f}\" y=\"{:.3f}\"/>", x, y);
    ++points;
  }
  if (points < 3) return refused("ter:InvalidPolygon", "Fewer than three points");
  if (is_new) ++next_mask_;
  masks_[token] = {token, "source_config", polygon + "</tr2:Polygon>", text_at(told, "Type"),
                   text_at(told, "Enabled") == "true"};
  if (!is_new) return said("<tr2:SetMaskResponse/>");
  return said("<tr2:CreateMaskResponse><tr2:Token>" + token +
              "</tr2:Token></tr2:CreateMaskResponse>");
}

http_reply device::ptz_service(const soap_question& q) {
  const auto at_time = ptz_head::clock::now();
  const std::string profile = text_at(q.body, "ProfileToken");
  if (q.verb == "GetNodes")
    return said(
        "<tptz:GetNodesResponse><tptz:PTZNode token=\"ptz_node\" FixedHomePosition=\"true\">"
        "<tt:Name>head</tt:Name><tt:SupportedPTZSpaces/><tt:MaximumNumberOfPresets>16"
        "</tt:MaximumNumberOfPresets><tt:HomeSupported>false</tt:HomeSupported>"
        "</tptz:PTZNode></tptz:GetNodesResponse>");
  if (q.verb == "GetConfigurations")
    return said(
        "<tptz:GetConfigurationsResponse><tptz:PTZConfiguration token=\"ptz_config\">"
        "<tt:Name>ptz</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>ptz_node"
        "</tt:NodeToken></tptz:PTZConfiguration></tptz:GetConfigurationsResponse>");
  if (!is_profile(profile)) return refused("ter:NoProfile", "There is no such profile");
  if (q.verb == "GetStatus")
    return said(
        fmt::format("<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position>{0}</tt:Position>"
                    "<tt:MoveStatus><tt:PanTilt>{1}</tt:PanTilt><tt:Zoom>{1}</tt:Zoom>"
                    "</tt:MoveStatus><tt:UtcTime>{2}</tt:UtcTime></tptz:PTZStatus>"
                    "</tptz:GetStatusResponse>",
                    vector_text(head_.position(at_time)),
                    head_.is_moving(at_time) ? "MOVING" : "IDLE", xml_time(now())));
  if (q.verb == "ContinuousMove") {
    auto timeout = read_span(text_at(q.body, "Timeout"), now()).value_or(std::chrono::seconds{10});
    if (fault_ == device_fault::endless_move) timeout = std::chrono::hours{1};
    head_.move(vector_of(at(q.body, "Velocity")), timeout, at_time);
    return said("<tptz:ContinuousMoveResponse/>");
  }
  if (q.verb == "AbsoluteMove") {
    head_.jump(vector_of(at(q.body, "Position")), at_time);
    ++head_.moves;
    return said("<tptz:AbsoluteMoveResponse/>");
  }
  if (q.verb == "Stop") {
    head_.stop(at_time);
    return said("<tptz:StopResponse/>");
  }
  if (q.verb == "GetPresets") {
    std::string all;
    for (const auto& [token, p] : head_.presets)
      all += fmt::format(
          "<tptz:Preset token=\"{}\"><tt:Name>{}</tt:Name><tt:PTZPosition>{}"
          "</tt:PTZPosition></tptz:Preset>",
          token, escaped(p.name), vector_text(p.where));
    return said("<tptz:GetPresetsResponse>" + all + "</tptz:GetPresetsResponse>");
  }
  if (q.verb == "GotoPreset") {
    const auto found = head_.presets.find(text_at(q.body, "PresetToken"));
    if (found == head_.presets.end()) return refused("ter:NoToken", "There is no such preset");
    head_.jump(found->second.where, at_time);
    head_.last_preset = found->first;
    return said("<tptz:GotoPresetResponse/>");
  }
  return not_supported();
}

}  // namespace vigie::simulators::onvif
