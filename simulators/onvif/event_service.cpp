// SPDX-License-Identifier: Apache-2.0
#include "onvif/event_service.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "onvif/device.hpp"

namespace vigie::simulators::onvif {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct known_event {
  std::string_view name, topic, source, source_value, item, on, off, extra;
};

// The last eight are what a centre must not take in.
constexpr known_event events[] = {
    {"motion", "VideoSource/MotionAlarm", "Source", "VideoSource_1", "State", "true", "false", ""},
    {"cell_motion", "RuleEngine/CellMotionDetector/Motion", "VideoSourceConfigurationToken",
     "source_config", "IsMotion", "true", "false", ""},
    {"tamper", "RuleEngine/TamperDetector/Tamper", "VideoSourceToken", "VideoSource_1", "IsTamper",
     "true", "false", ""},
    {"signal_loss", "VideoSource/SignalLoss/ImagingService", "Source", "VideoSource_2", "State",
     "true", "false", ""},
    {"dark", "VideoSource/ImageTooDark/ImagingService", "Source", "VideoSource_1", "State", "1",
     "0", ""},
    {"scene_change", "VideoSource/GlobalSceneChange/ImagingService", "Source", "VideoSource_1",
     "State", "true", "false", ""},
    {"storage_failure", "Device/HardwareFailure/StorageFailure", "Token", "SD_DISK", "Failed",
     "true", "false", ""},
    {"digital_input", "Device/Trigger/DigitalInput", "InputToken", "Input_3", "LogicalState",
     "true", "false", ""},
    {"reboot", "Monitoring/OperatingTime/LastReboot", "", "", "Status", "2026-01-01T00:00:00Z",
     "2026-01-01T00:00:00Z", ""},
    {"face", "RuleEngine/Recognition/Face", "VideoSource", "VideoSource_1", "Likelihood", "0.93",
     "0",
     "<tt:SimpleItem Name=\"Gender\" Value=\"Female\"/><tt:SimpleItem Name=\"Age\" Value=\"34\"/>"},
    {"plate", "RuleEngine/Recognition/LicensePlate", "VideoSource", "VideoSource_1", "Plate",
     "AB-123-CD", "AB-123-CD", ""},
    {"sound", "RuleEngine/AudioDetector/Class", "AudioSource", "AudioSource_1", "Class", "scream",
     "scream", ""},
    {"body_temperature", "VideoSource/Radiometry/BodyTemperatureAlarm", "VideoSource",
     "VideoSource_1", "State", "true", "false", ""},
    {"motion_with_body", "VideoSource/MotionAlarm", "Source", "VideoSource_1", "State", "true",
     "false",
     "<tt:ElementItem Name=\"Object\"><tt:HumanBody><tt:Clothing>red coat</tt:Clothing>"
     "</tt:HumanBody></tt:ElementItem>"},
    {"loitering", "RuleEngine/LoiteringDetector/ObjectIsLoitering", "VideoSource", "VideoSource_1",
     "State", "true", "false", ""},
    {"line", "RuleEngine/LineDetector/Crossed", "VideoSource", "VideoSource_1", "ObjectId", "17",
     "17", ""},
    {"vendor", "UserAlarm/acme:Happy", "Source", "VideoSource_1", "State", "true", "false", ""},
};

std::string notify_answer(std::string_view verb, std::string_view now_text,
                          std::string_view until_text, std::string_view rest) {
  return fmt::format(
      "<tev:{0}><tev:CurrentTime>{1}</tev:CurrentTime>"
      "<tev:TerminationTime>{2}</tev:TerminationTime>{3}</tev:{0}>",
      verb, now_text, until_text, rest);
}

}  // namespace

std::string notification(std::string_view name, bool is_active, std::string_view operation,
                         utc_time at_time) {
  for (const known_event& e : events) {
    if (e.name != name) continue;
    const std::string source =
        e.source.empty()
            ? ""
            : fmt::format("<tt:SimpleItem Name=\"{}\" Value=\"{}\"/>", e.source, e.source_value);
    return fmt::format(
        "<wsnt:NotificationMessage><wsnt:Topic "
        "Dialect=\"http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet\">tns1:{}</"
        "wsnt:Topic>"
        "<wsnt:Message><tt:Message UtcTime=\"{}\" "
        "PropertyOperation=\"{}\"><tt:Source>{}</tt:Source>"
        "<tt:Data><tt:SimpleItem Name=\"{}\" Value=\"{}\"/>{}</tt:Data></tt:Message></wsnt:Message>"
        "</wsnt:NotificationMessage>",
        e.topic, xml_time(at_time), operation, source, e.item, is_active ? e.on : e.off, e.extra);
  }
  return {};
}

void event_service::expire(utc_time now) {
  std::erase_if(subscriptions_, [&](auto& entry) {
    if (entry.second.ends > now) return false;
    if (entry.second.waiting)
      entry.second.waiting(refused("ter:InvalidArgVal", "The subscription is over"));
    return true;
  });
}

void event_service::handle(const soap_question& q, const std::string& target,
                           const std::string& base, utc_time now, const replier& reply) {
  expire(now);
  if (q.verb == "CreatePullPointSubscription") return create(q, base, now, reply);
  if (q.verb == "GetServiceCapabilities")
    return reply(
        said("<tev:GetServiceCapabilitiesResponse><tev:Capabilities "
             "WSPullPointSupport=\"true\" MaxPullPoints=\"8\"/>"
             "</tev:GetServiceCapabilitiesResponse>"));
  if (q.verb == "GetEventProperties")
    return reply(
        said("<tev:GetEventPropertiesResponse><wsnt:FixedTopicSet>true</wsnt:FixedTopicSet>"
             "<wstop:TopicSet><tns1:VideoSource><MotionAlarm wstop:topic=\"true\">"
             "<tt:MessageDescription IsProperty=\"true\"/></MotionAlarm></tns1:VideoSource>"
             "</wstop:TopicSet></tev:GetEventPropertiesResponse>"));
  const std::string in_header = text_at(q.header, "SubscriptionId");
  const std::size_t slash = target.rfind('/');
  const std::string number = uses_reference_parameters_ ? in_header : target.substr(slash + 1);
  const auto id = static_cast<unsigned>(std::strtoul(number.c_str(), nullptr, 10));
  const auto found = subscriptions_.find(id);
  if (found == subscriptions_.end())
    return reply(refused("wsrf-rw:ResourceUnknownFault", "There is no such subscription"));
  if (q.verb == "PullMessages") return pull(q, id, now, reply);
  if (q.verb == "Renew") {
    ++stats_.renewals;
    const auto life = read_span(text_at(q.body, "TerminationTime"), now).value_or(seconds{60});
    found->second.ends = now + life;
    return reply(
        said(fmt::format("<wsnt:RenewResponse><wsnt:TerminationTime>{}"
                         "</wsnt:TerminationTime><wsnt:CurrentTime>{}</wsnt:CurrentTime>"
                         "</wsnt:RenewResponse>",
                         xml_time(found->second.ends), xml_time(now))));
  }
  if (q.verb == "Unsubscribe") {
    ++stats_.unsubscribed;
    subscriptions_.erase(found);
    return reply(said("<wsnt:UnsubscribeResponse/>"));
  }
  if (q.verb == "SetSynchronizationPoint")
    return reply(said("<tev:SetSynchronizationPointResponse/>"));
  reply(not_supported());
}

void event_service::create(const soap_question& q, const std::string& base, utc_time now,
                           const replier& reply) {
  const auto life = read_span(text_at(q.body, "InitialTerminationTime"), now).value_or(seconds{60});
  const unsigned id = next_id_++;
  subscription& made = subscriptions_[id];
  made.ends = now + life;
  // What is so at the beginning of a subscription is told as Initialized.
  made.queue.push_back(notification("motion", false, "Initialized", now));
  made.queue.push_back(notification("reboot", false, "Initialized", now));
  ++stats_.created;
  const std::string reference =
      uses_reference_parameters_
          ? fmt::format(
                "<wsa5:Address>{}/onvif/subscription</wsa5:Address>"
                "<wsa5:ReferenceParameters><sim:SubscriptionId "
                "xmlns:sim=\"urn:vigie:sim\">{}</sim:SubscriptionId>"
                "</wsa5:ReferenceParameters>",
                base, id)
          : fmt::format("<wsa5:Address>{}/onvif/subscription/{}</wsa5:Address>", base, id);
  reply(
      said(fmt::format("<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference>{}"
                       "</tev:SubscriptionReference><wsnt:CurrentTime>{}</wsnt:CurrentTime>"
                       "<wsnt:TerminationTime>{}</wsnt:TerminationTime>"
                       "</tev:CreatePullPointSubscriptionResponse>",
                       reference, xml_time(now), xml_time(made.ends))));
}

void event_service::pull(const soap_question& q, unsigned id, utc_time now, const replier& reply) {
  ++stats_.pulls;
  subscription& s = subscriptions_.at(id);
  const auto wait = read_span(text_at(q.body, "Timeout"), now).value_or(seconds{5});
  const int limit = std::atoi(text_at(q.body, "MessageLimit").c_str());
  if (s.waiting) answer_poll(id, now);
  s.waiting = reply;
  s.limit = limit > 0 ? static_cast<unsigned>(limit) : 1;
  s.poll = next_poll_++;
  if (!s.queue.empty() || !holds_polls_) return answer_poll(id, now);
  timers_.after(std::min<milliseconds>(wait, seconds{60}), [this, id, poll = s.poll, now, wait] {
    const auto found = subscriptions_.find(id);
    if (found != subscriptions_.end() && found->second.poll == poll) answer_poll(id, now + wait);
  });
}

void event_service::answer_poll(unsigned id, utc_time now) {
  subscription& s = subscriptions_.at(id);
  std::string messages;
  for (unsigned i = 0; i < s.limit && !s.queue.empty(); ++i) {
    messages += s.queue.front();
    s.queue.pop_front();
  }
  const replier to = std::exchange(s.waiting, nullptr);
  s.poll = 0;
  to(said(notify_answer("PullMessagesResponse", xml_time(now), xml_time(s.ends), messages)));
}

void event_service::tell(const std::string& text, utc_time now) {
  expire(now);
  ++stats_.told;
  for (auto& [id, s] : subscriptions_) {
    if (s.queue.size() < 1000) s.queue.push_back(text);
    if (s.waiting) answer_poll(id, now);
  }
}

void event_service::forget_subscriptions() {
  for (auto& [id, s] : subscriptions_)
    if (s.waiting) s.waiting(refused("wsrf-rw:ResourceUnknownFault", "The device restarted"));
  subscriptions_.clear();
}

event_stats event_service::stats() const {
  event_stats now = stats_;
  now.subscriptions = subscriptions_.size();
  return now;
}

}  // namespace vigie::simulators::onvif
