// SPDX-License-Identifier: Apache-2.0
#include "zone_intrusion/zone_setup.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace vigie::zone_intrusion {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& what) { throw std::invalid_argument{what}; }

void check_keys(const json& object, const std::set<std::string>& known, const std::string& where) {
  if (!object.is_object()) refuse(where + " is no object");
  for (const auto& [key, value] : object.items())
    if (!known.contains(key)) refuse(where + " knows no \"" + key + "\"");
}

corner corner_from(const json& pair, const std::string& camera) {
  const auto is_thousandth = [](const json& n) {
    return n.is_number_integer() && n >= 0 && n <= 1000;
  };
  if (!pair.is_array() || pair.size() != 2 || !is_thousandth(pair[0]) || !is_thousandth(pair[1]))
    refuse(camera + ": a corner of zone is [x, y] in thousandths, 0 to 1000");
  return {pair[0].get<int>(), pair[1].get<int>()};
}

/// Twice the surface; 0 for corners on one line.
long doubled_area(const std::vector<corner>& zone) {
  long sum = 0;
  for (std::size_t i = 0; i < zone.size(); ++i) {
    const auto& a = zone[i];
    const auto& b = zone[(i + 1) % zone.size()];
    sum += static_cast<long>(a.x) * b.y - static_cast<long>(b.x) * a.y;
  }
  return sum < 0 ? -sum : sum;
}

zone_setup setup_from(const json& source, const std::string& camera) {
  check_keys(source, {"zone", "hours", "smallest_percent"}, camera);
  zone_setup out;
  const auto& zone = source.value("zone", json::array());
  if (!zone.is_array() || zone.size() < 3 || zone.size() > 16)
    refuse(camera + ": zone wants 3 to 16 corners, [[x, y], …] in thousandths");
  for (const auto& pair : zone) out.zone.push_back(corner_from(pair, camera));
  if (doubled_area(out.zone) < 2 * 2500) refuse(camera + ": zone is smaller than 5 % by 5 %");
  const auto& armed = source.value("hours", json::array());
  if (!armed.is_array() || armed.empty() || armed.size() > 8)
    refuse(camera + ": hours wants 1 to 8 spans, [\"22:00-06:00\"]");
  for (const auto& span : armed) {
    const auto read =
        span.is_string() ? hours_from(span.get_ref<const std::string&>()) : std::optional<hours>{};
    if (!read) refuse(camera + ": a span of hours is written \"22:00-06:00\", in local time");
    out.armed.push_back(*read);
  }
  if (source.contains("smallest_percent")) {
    const auto& share = source["smallest_percent"];
    if (!share.is_number() || !(share >= 0.2) || !(share <= 50))
      refuse(camera + ": smallest_percent is 0.2 to 50 of the zone");
    out.smallest_percent = share.get<double>();
  }
  return out;
}

}  // namespace

std::map<std::string, zone_setup> read_setups(std::string_view config_json) {
  const auto root = json::parse(config_json, nullptr, false);
  if (root.is_discarded()) refuse("the configuration is not JSON");
  check_keys(root, {"cameras"}, "the configuration");
  std::map<std::string, zone_setup> out;
  if (!root.contains("cameras")) return out;
  const auto& cameras = root["cameras"];
  if (!cameras.is_object() || cameras.size() > 10'000)
    refuse("cameras is an object of cameras by their id");
  for (const auto& [id, setup] : cameras.items()) out.emplace(id, setup_from(setup, id));
  return out;
}

}  // namespace vigie::zone_intrusion
