// SPDX-License-Identifier: Apache-2.0
#include "topics.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "answers.hpp"
#include "xml.hpp"

namespace vigie::onvif {

namespace {

struct listed {
  std::string_view path;  // itself and what is below it
  std::int32_t type;
};

// ONVIF Imaging, Device IO, Analytics and Core topics that speak of the device alone.
constexpr listed facts[] = {
    {"VideoSource/MotionAlarm", VIGIE_DEVICE_MOTION},
    {"RuleEngine/CellMotionDetector/Motion", VIGIE_DEVICE_MOTION},
    {"RuleEngine/MotionRegionDetector/Motion", VIGIE_DEVICE_MOTION},
    {"RuleEngine/TamperDetector/Tamper", VIGIE_DEVICE_TAMPER},
    {"VideoSource/SignalLoss", VIGIE_DEVICE_SIGNAL_LOSS},
    {"VideoSource/ImageTooDark", VIGIE_DEVICE_IMAGE_TOO_DARK},
    {"VideoSource/ImageTooBright", VIGIE_DEVICE_IMAGE_TOO_BRIGHT},
    {"VideoSource/ImageTooBlurry", VIGIE_DEVICE_IMAGE_BLURRED},
    {"VideoSource/GlobalSceneChange", VIGIE_DEVICE_SCENE_CHANGE},
    {"Device/HardwareFailure/StorageFailure", VIGIE_DEVICE_STORAGE_FAILURE},
    {"Device/HardwareFailure/FanFailure", VIGIE_DEVICE_HARDWARE_FAILURE},
    {"Device/HardwareFailure/PowerSupplyFailure", VIGIE_DEVICE_HARDWARE_FAILURE},
    {"Device/HardwareFailure/TemperatureCritical", VIGIE_DEVICE_HARDWARE_FAILURE},
    {"Device/Trigger/DigitalInput", VIGIE_DEVICE_DIGITAL_INPUT},
    {"Monitoring/OperatingTime/LastReboot", VIGIE_DEVICE_REBOOT},
};

// Never forwarded, named so that they are counted for what they are.
constexpr std::string_view personal_parts[] = {
    "Recognition", "AudioDetector", "BodyTemperature", "Radiometry", "HumanFace",
    "HumanBody",   "Face",          "LicensePlate",    "Gender",     "Age",
    "Complexion",  "Hijab",         "Clothing",        "Behaviour",  "BodyShape"};
constexpr std::string_view gated_parts[] = {
    "LoiteringDetector", "ObjectAbandoned",  "ObjectRemoved", "LineDetector",
    "FieldDetector",     "CountAggregation", "ObjectTrack"};

template <std::size_t N>
bool has_part(std::string_view path, const std::string_view (&parts)[N]) {
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    const std::string_view step = path.substr(0, slash);
    for (const std::string_view part : parts)
      if (step == part) return true;
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  return false;
}

/// The topic's path without prefixes; nothing when it is not of ONVIF's tree.
std::optional<std::string> onvif_path(const pugi::xml_node& topic) {
  std::string text = text_at(topic, "");
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || text.size() > 256) return std::nullopt;
  const std::string prefix = text.substr(0, colon);
  const std::string ns = namespace_of(topic, prefix);
  // Some firmware forgets to declare the prefix that the specification uses.
  if (ns != "http://www.onvif.org/ver10/topics" && !(ns.empty() && prefix == "tns1"))
    return std::nullopt;
  std::string path = text.substr(colon + 1);
  for (std::size_t at; (at = path.find(prefix + ':')) != std::string::npos;)
    path.erase(at, prefix.size() + 1);
  return path;
}

/// The item a fact is said with; its name differs from topic to topic.
std::optional<bool> state_of(const pugi::xml_node& data) {
  static constexpr std::string_view names[] = {"State",  "IsMotion", "IsTamper",    "LogicalState",
                                               "Failed", "Critical", "IsTampering", "Tampering"};
  for (const pugi::xml_node& item : data.children()) {
    if (local_name(item) != "SimpleItem") continue;
    const std::string name = attribute(item, "Name"), value = attribute(item, "Value");
    for (const std::string_view one : names)
      if (name == one) return is_true(value) || value == "active";
  }
  return std::nullopt;
}

/// The number a source token ends with ("VideoSource_2"), 0 without one. Bounded: a token is the
/// device's own text and a number must not smuggle one.
std::uint32_t channel_of(const pugi::xml_node& source) {
  for (const pugi::xml_node& item : source.children()) {
    const std::string name = attribute(item, "Name"), value = attribute(item, "Value");
    if (name.find("Source") == std::string::npos && name.find("Token") == std::string::npos)
      continue;
    const std::size_t digits = value.find_last_not_of("0123456789");
    const std::string tail = value.substr(digits == std::string::npos ? 0 : digits + 1);
    if (tail.empty() || tail.size() > 2) return 0;
    return static_cast<std::uint32_t>(std::stoul(tail));
  }
  return 0;
}

bool says_something_personal(const pugi::xml_node& told) {
  struct : pugi::xml_tree_walker {
    bool found = false;
    bool for_each(pugi::xml_node& node) override {
      found = found || has_part(local_name(node), personal_parts) ||
              has_part(attribute(node, "Name"), personal_parts);
      return !found;
    }
  } walker;
  pugi::xml_node start = told;
  start.traverse(walker);
  return walker.found;
}

}  // namespace

verdict judge_topic(std::string_view path, std::int32_t& type) {
  if (has_part(path, personal_parts)) return verdict::personal;
  if (has_part(path, gated_parts)) return verdict::gated;
  for (const listed& one : facts)
    if (path == one.path || (path.size() > one.path.size() && path.starts_with(one.path) &&
                             path[one.path.size()] == '/')) {
      type = one.type;
      return verdict::device_fact;
    }
  return verdict::unlisted;
}

vigie_utc_us_t event_time(std::optional<vigie_utc_us_t> told, const device_time& now) {
  if (!told) return now.arrived;
  constexpr std::int64_t right_enough_us = 2'000'000;
  const bool is_clock_right = std::abs(now.clock_offset_us) < right_enough_us;
  const vigie_utc_us_t at = is_clock_right ? *told : *told - now.clock_offset_us;
  return std::min(at, now.arrived);
}

std::vector<vigie_device_event_t> read_notifications(const message& answer, std::uint64_t camera,
                                                     const device_time& now, drop_counts& dropped) {
  std::vector<vigie_device_event_t> told;
  for (const pugi::xml_node& one : answer.content().children()) {
    if (local_name(one) != "NotificationMessage" || told.size() == 1000) continue;
    const auto path = onvif_path(child(one, "Topic"));
    vigie_device_event_t event{};
    event.size = sizeof event;
    const verdict is = path ? judge_topic(*path, event.type) : verdict::unlisted;
    const pugi::xml_node body = at(one, "Message/Message");
    if (is == verdict::personal || says_something_personal(body)) ++dropped.personal;
    if (is == verdict::gated) ++dropped.gated;
    if (is == verdict::unlisted) ++dropped.unlisted;
    if (is != verdict::device_fact) continue;
    const bool is_reboot = event.type == VIGIE_DEVICE_REBOOT;
    const auto state = state_of(child(body, "Data"));
    const std::string operation = attribute(body, "PropertyOperation");
    if (is_reboot ? operation == "Initialized" : !state.has_value()) continue;
    event.camera = camera;
    event.active = is_reboot ? -1 : *state && operation != "Deleted" ? 1 : 0;
    event.at_utc_us = event_time(read_xml_time(attribute(body, "UtcTime")), now);
    event.channel = channel_of(child(body, "Source"));
    told.push_back(event);
  }
  return told;
}

}  // namespace vigie::onvif
