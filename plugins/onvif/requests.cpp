// SPDX-License-Identifier: Apache-2.0
#include "requests.hpp"

#include <fmt/format.h>

#include "xml.hpp"

namespace vigie::onvif {

namespace {

constexpr std::string_view device_ns = "http://www.onvif.org/ver10/device/wsdl";
constexpr std::string_view media_ns = "http://www.onvif.org/ver10/media/wsdl";
constexpr std::string_view media2_ns = "http://www.onvif.org/ver20/media/wsdl";
constexpr std::string_view ptz_ns = "http://www.onvif.org/ver20/ptz/wsdl";
constexpr std::string_view events_ns = "http://www.onvif.org/ver10/events/wsdl";
constexpr std::string_view notification_ns = "http://docs.oasis-open.org/wsn/bw-2";

request ask(std::string_view ns, std::string_view name, std::string body) {
  return {fmt::format("{}/{}", ns, name), std::move(body)};
}

}  // namespace

request get_system_date_and_time() {
  return ask(device_ns, "GetSystemDateAndTime", "<tds:GetSystemDateAndTime/>");
}

request get_device_information() {
  return ask(device_ns, "GetDeviceInformation", "<tds:GetDeviceInformation/>");
}

request get_services() {
  return ask(device_ns, "GetServices",
             "<tds:GetServices><tds:IncludeCapability>false</tds:IncludeCapability>"
             "</tds:GetServices>");
}

request get_capabilities() {
  return ask(device_ns, "GetCapabilities",
             "<tds:GetCapabilities><tds:Category>All</tds:Category></tds:GetCapabilities>");
}

request get_profiles(bool media2) {
  if (!media2) return ask(media_ns, "GetProfiles", "<trt:GetProfiles/>");
  return ask(media2_ns, "GetProfiles",
             "<tr2:GetProfiles><tr2:Type>VideoSource</tr2:Type><tr2:Type>VideoEncoder</tr2:Type>"
             "<tr2:Type>PTZ</tr2:Type></tr2:GetProfiles>");
}

request get_stream_uri(bool media2, std::string_view profile) {
  if (media2)
    return ask(media2_ns, "GetStreamUri",
               fmt::format("<tr2:GetStreamUri><tr2:Protocol>RTSP</tr2:Protocol>"
                           "<tr2:ProfileToken>{}</tr2:ProfileToken></tr2:GetStreamUri>",
                           escaped(profile)));
  return ask(media_ns, "GetStreamUri",
             fmt::format("<trt:GetStreamUri><trt:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream>"
                         "<tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport>"
                         "</trt:StreamSetup><trt:ProfileToken>{}</trt:ProfileToken>"
                         "</trt:GetStreamUri>",
                         escaped(profile)));
}

request get_masks(std::string_view source_configuration) {
  return ask(media2_ns, "GetMasks",
             fmt::format("<tr2:GetMasks><tr2:ConfigurationToken>{}</tr2:ConfigurationToken>"
                         "</tr2:GetMasks>",
                         escaped(source_configuration)));
}

request write_mask(const vigie_privacy_mask_t& mask, std::string_view source_configuration) {
  std::string points;
  for (std::uint32_t i = 0; i < mask.point_count; ++i)
    points += fmt::format("<tt:Point x=\"{:.3f}\" y=\"{:.3f}\"/>", mask.points[2 * i] / 500.0 - 1,
                          1 - mask.points[2 * i + 1] / 500.0);
  const std::string_view token = mask.token;
  const std::string_view verb = token.empty() ? "CreateMask" : "SetMask";
  const std::string named = token.empty() ? "" : fmt::format(" token=\"{}\"", escaped(token));
  return ask(media2_ns, verb,
             fmt::format("<tr2:{0}><tr2:Mask{1}><tr2:ConfigurationToken>{2}"
                         "</tr2:ConfigurationToken><tr2:Polygon>{3}</tr2:Polygon>"
                         "<tr2:Type>Color</tr2:Type><tr2:Color X=\"0\" Y=\"0\" Z=\"0\"/>"
                         "<tr2:Enabled>true</tr2:Enabled></tr2:Mask></tr2:{0}>",
                         verb, named, escaped(source_configuration), points));
}

request continuous_move(std::string_view profile, double pan, double tilt, double zoom,
                        std::chrono::milliseconds timeout) {
  return ask(ptz_ns, "ContinuousMove",
             fmt::format("<tptz:ContinuousMove><tptz:ProfileToken>{}</tptz:ProfileToken>"
                         "<tptz:Velocity><tt:PanTilt x=\"{:.3f}\" y=\"{:.3f}\"/>"
                         "<tt:Zoom x=\"{:.3f}\"/></tptz:Velocity><tptz:Timeout>{}</tptz:Timeout>"
                         "</tptz:ContinuousMove>",
                         escaped(profile), pan, tilt, zoom, xml_duration(timeout)));
}

request stop_moving(std::string_view profile) {
  return ask(ptz_ns, "Stop",
             fmt::format("<tptz:Stop><tptz:ProfileToken>{}</tptz:ProfileToken>"
                         "<tptz:PanTilt>true</tptz:PanTilt><tptz:Zoom>true</tptz:Zoom></tptz:Stop>",
                         escaped(profile)));
}

request get_presets(std::string_view profile) {
  return ask(ptz_ns, "GetPresets",
             fmt::format("<tptz:GetPresets><tptz:ProfileToken>{}</tptz:ProfileToken>"
                         "</tptz:GetPresets>",
                         escaped(profile)));
}

request go_to_preset(std::string_view profile, std::string_view preset) {
  return ask(ptz_ns, "GotoPreset",
             fmt::format("<tptz:GotoPreset><tptz:ProfileToken>{}</tptz:ProfileToken>"
                         "<tptz:PresetToken>{}</tptz:PresetToken></tptz:GotoPreset>",
                         escaped(profile), escaped(preset)));
}

request create_pull_point(std::chrono::seconds life) {
  return ask(events_ns, "EventPortType/CreatePullPointSubscriptionRequest",
             fmt::format("<tev:CreatePullPointSubscription><tev:InitialTerminationTime>PT{}S"
                         "</tev:InitialTerminationTime></tev:CreatePullPointSubscription>",
                         life.count()));
}

request pull_messages(std::chrono::milliseconds wait, unsigned limit) {
  return ask(events_ns, "PullPointSubscription/PullMessagesRequest",
             fmt::format("<tev:PullMessages><tev:Timeout>{}</tev:Timeout>"
                         "<tev:MessageLimit>{}</tev:MessageLimit></tev:PullMessages>",
                         xml_duration(wait), limit));
}

request renew(std::chrono::seconds life) {
  return ask(notification_ns, "SubscriptionManager/RenewRequest",
             fmt::format("<wsnt:Renew><wsnt:TerminationTime>PT{}S</wsnt:TerminationTime>"
                         "</wsnt:Renew>",
                         life.count()));
}

request unsubscribe() {
  return ask(notification_ns, "SubscriptionManager/UnsubscribeRequest", "<wsnt:Unsubscribe/>");
}

std::string xml_duration(std::chrono::milliseconds span) {
  if (span.count() % 1000 == 0) return fmt::format("PT{}S", span.count() / 1000);
  return fmt::format("PT{}.{:03}S", span.count() / 1000, span.count() % 1000);
}

}  // namespace vigie::onvif
