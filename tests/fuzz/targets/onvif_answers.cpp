// SPDX-License-Identifier: Apache-2.0
#include "onvif/answers.hpp"

#include "fuzz/target.hpp"
#include "onvif/topics.hpp"
#include "onvif/xml.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Any answer given to every reader: lists are bounded, fields are ended, events are on the closed
/// list and not of the future.
void run(byte_view bytes) {
  input in{bytes};
  const int http_status = in.u8() & 1 ? 400 : 200;
  const auto own = copy_of(in.rest());
  const auto answer = onvif::read_answer(http_status, text_of(own));
  onvif::read_xml_time(text_of(own));
  if (!answer) return;
  onvif::read_system_time(*answer);
  onvif::read_services(*answer);
  onvif::read_capabilities(*answer);
  vigie_device_info_t facts{};
  onvif::read_device_information(*answer, facts);
  const auto is_ended = [](const auto& field) {
    return std::find(std::begin(field), std::end(field), '\0') != std::end(field);
  };
  require(is_ended(facts.manufacturer) && is_ended(facts.model) && is_ended(facts.firmware),
          "fields are ended");
  const auto profiles = onvif::read_profiles(*answer);
  require(profiles.size() <= 64, "at most 64 profiles");
  onvif::choose_profile(profiles, "");
  onvif::read_stream_uri(*answer);
  require(onvif::read_presets(*answer).size() <= 512, "at most 512 presets");
  require(onvif::read_masks(*answer).size() <= 64, "at most 64 masks");
  onvif::read_created_mask(*answer);
  if (const auto subscription = onvif::read_subscription(*answer))
    require(
        subscription->reference_headers.empty() ||
            onvif::parse_bounded("<a>" + subscription->reference_headers + "</a>").has_value() ||
            subscription->reference_headers.size() > 1000,
        "reference headers are XML again");
  onvif::drop_counts dropped;
  const auto events =
      onvif::read_notifications(*answer, 7, {1'795'000'000'000'000, 5'000'000}, dropped);
  require(events.size() + dropped.personal + dropped.gated + dropped.unlisted <= 1000,
          "at most 1,000 notifications");
  for (const auto& event : events) {
    require(event.camera == 7, "of the camera that was asked");
    require(event.type > 0, "a fact of the closed list");
  }
}

std::string envelope(const std::string& body) {
  return std::string(1, '\0') + onvif::envelope("", body);
}

std::vector<std::string> seeds() {
  return {
      envelope(
          "<trt:GetProfilesResponse><trt:Profiles "
          "token=\"p1\"><tt:VideoEncoderConfiguration><tt:Encoding>H264"
          "</tt:Encoding></tt:VideoEncoderConfiguration></trt:Profiles></trt:GetProfilesResponse>"),
      envelope("<tds:GetServicesResponse><tds:Service><tds:Namespace>http://www.onvif.org/ver20/"
               "media/wsdl</"
               "tds:Namespace><tds:XAddr>http://10.0.0.1/m</tds:XAddr></tds:Service></"
               "tds:GetServicesResponse>"),
      envelope(
          "<tev:PullMessagesResponse "
          "xmlns:tns1=\"http://www.onvif.org/ver10/topics\"><wsnt:NotificationMessage>"
          "<wsnt:Topic>tns1:VideoSource/MotionAlarm</wsnt:Topic><wsnt:Message><tt:Message "
          "UtcTime=\"2026-11-21T20:15:33Z\"><tt:Data><tt:SimpleItem Name=\"State\" "
          "Value=\"true\"/></tt:Data>"
          "</tt:Message></wsnt:Message></wsnt:NotificationMessage></tev:PullMessagesResponse>"),
      "\1" + onvif::envelope(
                 "",
                 "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized"
                 "</s:Value></s:Subcode></s:Code></s:Fault>"),
      envelope("<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:UTCDateTime><tt:Time><"
               "tt:Hour>20</tt:Hour>"
               "<tt:Minute>15</tt:Minute><tt:Second>33</tt:Second></"
               "tt:Time><tt:Date><tt:Year>2026</tt:Year><tt:Month>"
               "11</tt:Month><tt:Day>21</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime>"
               "</tds:GetSystemDateAndTimeResponse>"),
      envelope(
          "<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa:Address>http://"
          "a/s</wsa:Address>"
          "<wsa:ReferenceParameters><x:id xmlns:x=\"urn:x\">1</x:id></wsa:ReferenceParameters>"
          "</tev:SubscriptionReference><wsnt:CurrentTime>2026-11-21T20:15:33Z</wsnt:CurrentTime>"
          "<wsnt:TerminationTime>2026-11-21T20:16:33Z</wsnt:TerminationTime>"
          "</tev:CreatePullPointSubscriptionResponse>"),
      envelope("<tr2:GetMasksResponse><tr2:Masks token=\"m\"><tr2:Polygon><tt:Point x=\"-1\" "
               "y=\"1\"/><tt:Point x=\"1\" "
               "y=\"1\"/><tt:Point x=\"0\" "
               "y=\"-1\"/></tr2:Polygon></tr2:Masks></tr2:GetMasksResponse>")};
}

const registration self{{"onvif_answers",
                         run,
                         seeds,
                         {"<!DOCTYPE", "&#0;", "&lt;", "<![CDATA[", "]]>", "token=\"", "nan",
                          "1e400", "-1", "</", "/>", "UtcTime=\"", "9999999999", "xmlns:x=\""}}};

}  // namespace
