// SPDX-License-Identifier: Apache-2.0
#include <curl/curl.h>

#include <cmath>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <vigie/sdk.hpp>

#include "addresses.hpp"
#include "discovery.hpp"
#include "event_pump.hpp"
#include "ptz.hpp"

namespace vigie::onvif {

namespace {

using nlohmann::json;

template <class T>
T or_throw(outcome<T> got) {
  if (!got) throw sdk::failure{static_cast<sdk::status>(got.error().code), got.error().text};
  return std::move(*got);
}

json object_of(std::string_view text, const char* what) {
  json parsed = json::parse(text.empty() ? "{}" : text, nullptr, false);
  if (!parsed.is_object())
    throw sdk::failure{sdk::status::invalid, std::string{what} + " is no JSON object"};
  return parsed;
}

/// A member of the expected type, or the default; anything else is refused by name.
template <class T>
T member(const json& of, const char* name, T otherwise) {
  const auto found = of.find(name);
  if (found == of.end()) return otherwise;
  const json& value = *found;
  bool fits = false;
  if constexpr (std::is_same_v<T, bool>) fits = value.is_boolean();
  if constexpr (std::is_same_v<T, std::string>) fits = value.is_string();
  if constexpr (std::is_same_v<T, std::int64_t>) fits = value.is_number_integer();
  if (!fits) throw sdk::failure{sdk::status::invalid, std::string{name} + " has the wrong type"};
  return value.get<T>();
}

void refuse_unknown(const json& of, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : of.items())
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw sdk::failure{sdk::status::invalid, "unknown option: " + name.substr(0, 64)};
}

std::chrono::milliseconds span(const json& of, const char* name, std::int64_t otherwise,
                               std::int64_t least, std::int64_t most) {
  const auto value = member<std::int64_t>(of, name, otherwise);
  if (value < least || value > most)
    throw sdk::failure{sdk::status::invalid, std::string{name} + " is out of range"};
  return std::chrono::milliseconds{value};
}

}  // namespace

/// ONVIF cameras: where their video is, what they are, how they move, what they notice.
class onvif_plugin final : public sdk::protocol_plugin,
                           public sdk::device_info_ability,
                           public sdk::ptz_ability,
                           public sdk::device_clock_ability,
                           public sdk::privacy_masks_ability {
 public:
  void init(std::string_view config_json) override {
    const json config = object_of(config_json, "the configuration");
    refuse_unknown(config, {"discovery_targets", "timeout_ms", "pull_ms", "subscription_s"});
    timeout_ = span(config, "timeout_ms", 5000, 100, 60'000);
    timing_.wait = span(config, "pull_ms", 20'000, 1000, 60'000);
    timing_.life = std::chrono::seconds{span(config, "subscription_s", 60, 2, 3600).count()};
    const json targets = config.value("discovery_targets", json::array({"239.255.255.250:3702"}));
    if (!targets.is_array() || targets.size() > 64)
      throw sdk::failure{sdk::status::invalid, "discovery_targets is no list of at most 64"};
    for (const json& one : targets) {
      if (!one.is_string())
        throw sdk::failure{sdk::status::invalid, "discovery_targets holds what is no text"};
      targets_.push_back(or_throw(parse_target(one.get<std::string>())));
    }
  }

  void start() override {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    transport_ = std::make_unique<transport>(poll_places_of_this_process());
  }
  void stop() override {
    cameras_.clear();
    transport_.reset();
    curl_global_cleanup();
  }

  void attach(const sdk::camera& camera) override {
    const json options = object_of(camera.options_json, "the camera's options");
    refuse_unknown(options, {"profile", "events", "follow_foreign_hosts"});
    device_options wanted;
    wanted.handle = camera.handle;
    wanted.id = camera.id;
    wanted.address = or_throw(device_service(camera.address));
    wanted.who = {camera.username, camera.password};
    wanted.profile = member<std::string>(options, "profile", {});
    wanted.wants_events = member(options, "events", true);
    wanted.follow_foreign_host = member(options, "follow_foreign_hosts", false);
    wanted.timeout = timeout_;
    attached one;
    one.asked = std::make_shared<device>(std::move(wanted), *transport_);
    one.head = std::make_shared<ptz_head>(one.asked);
    if (one.asked->options().wants_events) {
      one.pump = std::make_shared<event_pump>(one.asked, sinks(), timing_);
      one.pump->start();
    }
    cameras_.emplace(camera.handle, std::move(one));
  }
  void detach(sdk::camera_handle camera) override {
    const auto found = cameras_.find(camera);
    if (found == cameras_.end()) return;
    if (found->second.pump) found->second.pump->stop();
    found->second.head->forget_timer();
    cameras_.erase(found);
  }

  sdk::stream resolve_stream(sdk::camera_handle camera) override {
    device& d = *of(camera).asked;
    const profile best = or_throw(d.chosen_profile());
    auto told = d.ask_service(&services::media2, get_stream_uri(true, best.token));
    if (!told && told.error().code != VIGIE_E_AUTH && told.error().code != VIGIE_E_TIMEOUT)
      told = d.ask_service(&services::media, get_stream_uri(false, best.token));
    const message answer = or_throw(std::move(told));
    return sdk::stream::rtsp(or_throw(stream_on_device_host(
        read_stream_uri(answer), d.options().address, d.options().follow_foreign_host)));
  }

  void discover(std::chrono::milliseconds budget,
                const std::function<void(const sdk::discovered&)>& found) override {
    or_throw(onvif::discover(targets_, budget, [&](const found_device& one) {
      found({one.address, one.name, one.hardware});
    }));
  }

  sdk::device_info get_device_info(sdk::camera_handle camera) override {
    vigie_device_info_t told{};
    read_device_information(
        or_throw(of(camera).asked->ask_device_service(get_device_information())), told);
    return {told.manufacturer, told.model, told.firmware, told.serial};
  }

  sdk::utc_time get_device_clock(sdk::camera_handle camera) override {
    return sdk::utc_time{std::chrono::microseconds{or_throw(of(camera).asked->measure_clock())}};
  }

  void ptz_move(sdk::camera_handle camera, double pan, double tilt, double zoom,
                std::chrono::milliseconds timeout) override {
    for (const double speed : {pan, tilt, zoom})
      if (!(std::abs(speed) <= 1))
        throw sdk::failure{sdk::status::invalid, "a speed is outside of -1..1"};
    or_throw(of(camera).head->move(pan, tilt, zoom, timeout));
  }
  void ptz_stop(sdk::camera_handle camera) override { or_throw(of(camera).head->stop()); }
  std::vector<sdk::ptz_preset> ptz_presets(sdk::camera_handle camera) override {
    std::vector<sdk::ptz_preset> all;
    for (const vigie_ptz_preset_t& one : or_throw(of(camera).head->presets()))
      all.push_back({one.token, one.name});
    return all;
  }
  void ptz_go_to_preset(sdk::camera_handle camera, std::string_view token) override {
    or_throw(of(camera).head->go_to(token));
  }

  std::vector<sdk::privacy_mask> privacy_masks(sdk::camera_handle camera) override {
    device& d = *of(camera).asked;
    const profile p = or_throw(d.chosen_profile());
    const message answer =
        or_throw(d.ask_service(&services::media2, get_masks(p.source_configuration)));
    std::vector<sdk::privacy_mask> all;
    for (const vigie_privacy_mask_t& told : read_masks(answer)) {
      sdk::privacy_mask mask{told.token, {}};
      for (std::uint32_t i = 0; i < told.point_count; ++i)
        mask.points.push_back({told.points[2 * i], told.points[2 * i + 1]});
      all.push_back(std::move(mask));
    }
    return all;
  }
  std::string set_privacy_mask(sdk::camera_handle camera, const sdk::privacy_mask& mask) override {
    vigie_privacy_mask_t wanted{};
    wanted.size = sizeof wanted;
    if (mask.points.size() < 3 || mask.points.size() > 16 ||
        mask.token.size() >= sizeof wanted.token)
      throw sdk::failure{sdk::status::invalid, "a mask has 3 to 16 points and a short token"};
    for (const auto& [x, y] : mask.points) {
      if (x > 1000 || y > 1000)
        throw sdk::failure{sdk::status::invalid, "a mask's point is outside of the picture"};
      wanted.points[2 * wanted.point_count] = x;
      wanted.points[2 * wanted.point_count + 1] = y;
      ++wanted.point_count;
    }
    put_text(wanted.token, sizeof wanted.token, mask.token);
    device& d = *of(camera).asked;
    const profile p = or_throw(d.chosen_profile());
    const message answer =
        or_throw(d.ask_service(&services::media2, write_mask(wanted, p.source_configuration)));
    if (!mask.token.empty()) return mask.token;
    const std::string made = read_created_mask(answer);
    if (made.empty()) throw sdk::failure{sdk::status::io, "the device tells no token of the mask"};
    return made;
  }

 private:
  struct attached {
    std::shared_ptr<device> asked;
    std::shared_ptr<ptz_head> head;
    std::shared_ptr<event_pump> pump;
  };

  attached& of(sdk::camera_handle camera) {
    const auto found = cameras_.find(camera);
    if (found == cameras_.end())
      throw sdk::failure{sdk::status::not_found, "no such camera is attached"};
    return found->second;
  }
  pump_sinks sinks() {
    return {[this](const vigie_device_event_t& e) {
              emit({static_cast<sdk::device_event_type>(e.type), e.camera,
                    sdk::utc_time{std::chrono::microseconds{e.at_utc_us}},
                    static_cast<sdk::phase>(e.active), e.channel});
            },
            [this](bool is_warning, const std::string& text) {
              log(is_warning ? sdk::severity::warning : sdk::severity::info, text);
            }};
  }

  std::chrono::milliseconds timeout_{5000};
  pump_timing timing_;
  std::vector<probe_target> targets_;
  std::unique_ptr<transport> transport_;
  std::map<sdk::camera_handle, attached> cameras_;
};

}  // namespace vigie::onvif

VIGIE_PLUGIN(vigie::onvif::onvif_plugin, "fr.vigie.onvif", "ONVIF cameras", "Vigie", "1.0.0");
