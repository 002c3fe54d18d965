// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "onvif/device_faults.hpp"
#include "onvif/emulator_options.hpp"
#include "onvif/event_service.hpp"
#include "onvif/ptz_head.hpp"
#include "onvif/soap_words.hpp"

namespace vigie::simulators::onvif {

struct http_question {
  std::string target;
  std::string authorization;  ///< the header's value
  std::string body;
};
struct http_reply {
  unsigned status = 200;
  std::string challenge;  ///< a WWW-Authenticate value
  std::string body;
  std::chrono::milliseconds delay{0};
};
using replier = std::function<void(http_reply)>;

struct mask {
  std::string token, configuration, polygon, type;
  bool is_enabled = true;
};

struct device_stats {
  std::string id;
  device_fault current = device_fault::none;
  std::uint64_t requests = 0, refused = 0, moves = 0, stops = 0;
  event_stats events;
  ptz_position position;
  bool is_moving = false;
  std::string preset;
  std::vector<mask> masks;
};

/// One ONVIF device in front of one camera of the farm: what it answers, without sockets.
class device {
 public:
  /// `index` from 1.
  device(const emulator_options& options, unsigned index, scheduler& timers);

  /// Answers now or later, once, or never (a mute device).
  void handle(const http_question& question, const replier& reply);
  void apply(device_fault f);
  /// Says a notification by its short name ("motion", "face", …); false when there is none of it.
  bool tell(std::string_view name, bool is_active);
  device_stats stats() const;
  /// A ProbeMatch of WS-Discovery.
  std::string probe_match() const;

 private:
  struct answer;
  utc_time now() const;
  std::string base_address() const;
  bool is_known(const http_question& question, const soap_question& soap) const;
  void answer_soap(const soap_question& q, const std::string& target, const replier& reply);
  http_reply device_service(const soap_question& q);
  http_reply media_service(const soap_question& q, bool media2);
  http_reply ptz_service(const soap_question& q);
  http_reply write_mask(const soap_question& q, bool is_new);
  std::string profiles(bool media2) const;
  http_reply spoilt(http_reply reply) const;

  const emulator_options& options_;
  const unsigned index_;
  const std::string id_, host_;
  scheduler& timers_;
  device_fault fault_ = device_fault::none;
  event_service events_;
  ptz_head head_;
  std::uint64_t requests_ = 0, refused_ = 0;
  std::vector<replier> unanswered_;  ///< a mute device keeps its connections open
  std::map<std::string, mask> masks_;
  unsigned next_mask_ = 1;
};

/// A reply of one SOAP body, and faults as devices send them.
http_reply said(std::string_view body);
http_reply refused(std::string_view subcode, std::string_view reason);
http_reply not_supported();

}  // namespace vigie::simulators::onvif
