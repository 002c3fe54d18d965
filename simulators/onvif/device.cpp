// SPDX-License-Identifier: Apache-2.0
#include "onvif/device.hpp"

#include <fmt/format.h>

#include "camera_farm/farm_options.hpp"
#include "camera_farm/faults.hpp"

namespace vigie::simulators::onvif {

namespace {

constexpr std::string_view realm = "vigie-sim onvif", nonce = "6f6e7669662d6e6f6e6365";

bool needs_no_account(const soap_question& q) {
  return q.verb == "GetSystemDateAndTime" || q.verb == "GetServices" ||
         q.verb == "GetCapabilities" || q.verb == "GetServiceCapabilities";
}

}  // namespace

http_reply said(std::string_view body) { return {200, "", envelope(body), {}}; }
http_reply refused(std::string_view subcode, std::string_view reason) {
  return {400, "", fault_envelope(true, subcode, reason), {}};
}
http_reply not_supported() {
  return {500, "", fault_envelope(false, "ter:ActionNotSupported", "Not here"), {}};
}

device::device(const emulator_options& options, unsigned index, scheduler& timers)
    : options_{options},
      index_{index},
      id_{camera_id_of(index)},
      host_{camera_address(index)},
      timers_{timers},
      events_{timers, index % 2 == 0} {}

utc_time device::now() const {
  const auto real = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return fault_ == device_fault::wrong_clock ? real + std::chrono::hours{1} : real;
}

std::string device::base_address() const {
  return fmt::format("http://{}:{}",
                     fault_ == device_fault::foreign_addresses ? "192.0.2.77" : host_,
                     options_.port);
}

void device::apply(device_fault f) {
  fault_ = f;
  unanswered_.clear();
  events_.hold_polls(f != device_fault::hurried_polls);
  if (f == device_fault::lost_subscriptions) events_.forget_subscriptions();
}

bool device::tell(std::string_view name, bool is_active) {
  const std::string text = notification(name, is_active, "Changed", now());
  if (text.empty()) return false;
  if (fault_ == device_fault::personal_topics)
    for (const std::string_view extra : {"face", "plate", "sound", "motion_with_body", "loitering"})
      events_.tell(notification(extra, true, "Changed", now()), now());
  events_.tell(text, now());
  return true;
}

device_stats device::stats() const {
  const auto at_time = ptz_head::clock::now();
  device_stats all{id_,
                   fault_,
                   requests_,
                   refused_,
                   head_.moves,
                   head_.stops,
                   events_.stats(),
                   head_.position(at_time),
                   head_.is_moving(at_time),
                   head_.last_preset,
                   {}};
  for (const auto& [token, one] : masks_) all.masks.push_back(one);
  return all;
}

std::string device::probe_match() const {
  return fmt::format(
      "<d:ProbeMatch><a:EndpointReference><a:Address>urn:uuid:76696769-6500-4000-8000-{:012x}"
      "</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types>"
      "<d:Scopes>onvif://www.onvif.org/Profile/Streaming onvif://www.onvif.org/Profile/T "
      "onvif://www.onvif.org/hardware/VS-{} onvif://www.onvif.org/name/Cam%C3%A9ra%20{}</d:Scopes>"
      "<d:XAddrs>http://[fe80::1]:{}/onvif/device_service {}/onvif/device_service</d:XAddrs>"
      "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch>",
      index_, index_ % 2 == 0 ? 200 : 100, index_, options_.port, base_address());
}

http_reply device::spoilt(http_reply reply) const {
  switch (fault_) {
    case device_fault::slow:
      reply.delay = std::chrono::seconds{3};
      break;
    case device_fault::http_500:
      reply = {500, "", "", {}};
      break;
    case device_fault::malformed_xml:
      reply.body.resize(reply.body.size() * 2 / 3);
      break;
    case device_fault::huge_answer:
      reply.body.append(2 * 1024 * 1024, ' ');
      break;
    case device_fault::deep_xml: {
      std::string deep;
      for (int i = 0; i < 10'000; ++i) deep += "<a>";
      for (int i = 0; i < 10'000; ++i) deep += "</a>";
      reply.body = envelope(deep);
      break;
    }
    case device_fault::entity_bomb:
      reply.body =
          "<?xml version=\"1.0\"?><!DOCTYPE e [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
          "\"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
          "<e><Body><r>&b;&x;</r></Body></e>";
      break;
    default:
      break;
  }
  return reply;
}

bool device::is_known(const http_question& question, const soap_question& soap) const {
  if (needs_no_account(soap)) return true;
  if (fault_ == device_fault::wrong_password) return false;
  if (digest_matches(question.authorization, "POST", options_.who, std::string{realm},
                     std::string{nonce}))
    return true;
  return fault_ != device_fault::http_digest &&
         token_matches(soap.header, options_.who.username, options_.who.password, now());
}

void device::handle(const http_question& question, const replier& reply) {
  ++requests_;
  if (fault_ == device_fault::mute) return unanswered_.push_back(reply);
  const auto soap = read_question(question.body);
  // A client that expects a challenge sends no body with its first question.
  if (!soap && fault_ == device_fault::http_digest)
    return reply({401, digest_challenge(std::string{realm}, std::string{nonce}), "", {}});
  if (!soap) return reply({400, "", fault_envelope(true, "ter:WellFormed", "No XML"), {}});
  if (!is_known(question, *soap)) {
    ++refused_;
    if (fault_ == device_fault::http_digest)
      return reply({401, digest_challenge(std::string{realm}, std::string{nonce}), "", {}});
    return reply(refused("ter:NotAuthorized", "Sender not authorized"));
  }
  answer_soap(*soap, question.target,
              [this, reply](http_reply said_now) { reply(spoilt(std::move(said_now))); });
}

void device::answer_soap(const soap_question& q, const std::string& target, const replier& reply) {
  const bool no_media2 = fault_ == device_fault::no_media2;
  if (target.starts_with("/onvif/device_service")) return reply(device_service(q));
  if (target.starts_with("/onvif/media2") && !no_media2) return reply(media_service(q, true));
  if (target.starts_with("/onvif/media_service")) return reply(media_service(q, false));
  if (target.starts_with("/onvif/ptz")) return reply(ptz_service(q));
  if (target.starts_with("/onvif/event") || target.starts_with("/onvif/subscription"))
    return events_.handle(q, target, base_address(), now(), reply);
  reply({404, "", "", {}});
}

}  // namespace vigie::simulators::onvif
