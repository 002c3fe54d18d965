// SPDX-License-Identifier: Apache-2.0
#include "health_scenes/sequence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "health_scenes/pixels.hpp"
#include "health_scenes/starved_codec.hpp"
#include "health_scenes/tamper.hpp"
#include "health_scenes/traffic.hpp"
#include "health_scenes/world.hpp"

namespace vigie::simulators::health {
namespace {

constexpr double full_circle = 2 * std::numbers::pi;
constexpr int relight_every = 6;  ///< pictures between two updates of the wandering shadows

double smooth_step(double value) {
  const double v = std::clamp(value, 0.0, 1.0);
  return v * v * (3 - 2 * v);
}

}  // namespace

std::string_view name_of(weather w) {
  switch (w) {
    case weather::day:
      return "day";
    case weather::night:
      return "night";
    case weather::rain:
      return "rain";
    case weather::headlights:
      return "headlights";
    case weather::noise:
      return "noise";
    case weather::starved:
      return "starved";
    case weather::around_clock:
      return "around_clock";
  }
  return "?";
}

std::string_view name_of(label l) {
  switch (l) {
    case label::healthy:
      return "healthy";
    case label::black:
      return "black";
    case label::frozen:
      return "frozen";
    case label::blurred:
      return "blurred";
    case label::covered:
      return "covered";
    case label::moved:
      return "moved";
  }
  return "?";
}

class sequence::impl {
 public:
  explicit impl(const script& what)
      : script_{what},
        random_{what.seed * 0xd1342543de82ef95ULL + static_cast<std::uint64_t>(what.under) * 977 +
                static_cast<std::uint64_t>(what.fault) * 31},
        place_{make_world(what.seed)},
        view_{render(place_, {})},
        tamper_{what.fault, what.seed, random_},
        traffic_{place_} {
    const bool dark_variant = random_.unit() < 0.5;
    const bool can_be_either = what.under == weather::rain || what.under == weather::noise ||
                               what.under == weather::starved;
    always_night_ = what.under == weather::night || what.under == weather::headlights ||
                    (can_be_either && dark_variant);
    start_seconds_ = what.under == weather::around_clock ? 0 : between(random_, 9, 13) * 3600;
    noise_day_ = static_cast<float>(between(random_, 0.9, 2.2));
    noise_night_ = static_cast<float>(between(random_, 2, 4.5));
    if (what.under == weather::noise) {
      noise_day_ = static_cast<float>(between(random_, 6, 11));
      noise_night_ = static_cast<float>(between(random_, 8, 14));
    }
    night_exposure_ = static_cast<float>(between(random_, 0.75, 1.15));
    windy_ = random_.unit() < 0.35;
    has_clock_ = random_.unit() < 0.8;
    if (what.under == weather::starved)
      codec_ = std::make_unique<starved_codec>(static_cast<int>(between(random_, 1100, 2400)));
  }

  const std::vector<std::uint8_t>& next() {
    ++number_;
    const bool faulty = truth() != label::healthy;
    if (truth() == label::moved && !turned_) {
      pose_ = tamper_.pose();
      if (tamper_.elsewhere()) {
        place_ = make_world(script_.seed + 7919);
        traffic_ = traffic{place_};
      }
      view_ = render(place_, pose_);
      turned_ = true;
      lit_.clear();
    } else if (truth() == label::healthy && turned_) {
      place_ = make_world(script_.seed);
      traffic_ = traffic{place_};
      view_ = render(place_, pose_ = {});
      turned_ = false;
      lit_.clear();
    }
    if (truth() == label::frozen && !held_.empty()) {
      // The sensor's side hangs; the text generator may still write the time.
      picture_ = held_;
      if (tamper_.clock_runs_on())
        stamp();
      else
        picture_ = held_stamped_;
      if (codec_ && tamper_.clock_runs_on()) codec_->pass(picture_);
      return picture_;
    }
    shoot(faulty);
    held_ = picture_;
    stamp();
    if (codec_) codec_->pass(picture_);
    held_stamped_ = picture_;
    return picture_;
  }

  label truth() const {
    return number_ >= script_.fault_from && number_ < script_.fault_to ? script_.fault
                                                                       : label::healthy;
  }
  std::int64_t seconds() const { return std::int64_t{number_} * script_.seconds_between; }

 private:
  double time_of_day() const { return start_seconds_ + static_cast<double>(seconds()); }

  /// 0 at night, 1 in full daylight.
  double sun() const {
    if (always_night_) return 0;
    if (script_.under != weather::around_clock) return 1;
    const double hour = std::fmod(time_of_day() / 3600, 24);
    return smooth_step((hour - 6.5) / 1.3) * (1 - smooth_step((hour - 17) / 1.4));
  }

  /// Light on every pixel without the passing clouds: shadows wander, lamps stay.
  void relight() {
    const double daylight = sun();
    const float lamps = static_cast<float>(1 - smooth_step(daylight * 3));
    const double edge = 0.2 + std::fmod(time_of_day(), 28'800) / 28'800 * 1.2;
    lit_.resize(picture_pixels);
    for (std::size_t i = 0; i < picture_pixels; ++i) {
      const double across = view_.world_x[i] * 0.8 + view_.world_y[i] * 0.5 - edge;
      const float shade = across > 0 && across < 0.35 && view_.world_y[i] > 0.4F ? 0.6F : 1.F;
      const float day = 0.8F * shade * static_cast<float>(daylight);
      const float night = (place_.night_ambient + 0.65F * view_.lamp_light[i]) * lamps;
      lit_[i] = view_.albedo[i] * (day + night * night_exposure_) + view_.glow[i] * lamps * 0.8F;
    }
  }

  void shoot(bool faulty) {
    if (lit_.empty() || number_ % relight_every == 0) relight();
    const double daylight = sun();
    // Clouds come and go within minutes; automatic exposure takes half of it back.
    cloud_ += (between(random_, -1, 1) - cloud_) * 0.15;
    const float gain = 225 * static_cast<float>(1 + 0.25 * cloud_ * daylight);
    canvas_.resize(picture_pixels);
    for (std::size_t i = 0; i < picture_pixels; ++i) canvas_[i] = 14 + gain * lit_[i];

    for (const point& tree : place_.trees) {
      const point at = to_picture(pose_, tree);
      rustle(canvas_, at.x, at.y, place_.tree_radius * 1.3 * picture_width,
             place_.tree_radius * 2 * picture_height, static_cast<int>(between(random_, -2, 3)),
             static_cast<int>(between(random_, -1, 2)));
    }
    if (windy_)
      sway(canvas_, static_cast<float>(between(random_, -0.6, 0.6)),
           static_cast<float>(between(random_, -0.3, 0.3)));
    traffic_.pass(canvas_, pose_, daylight, script_.under == weather::headlights, random_);
    for (float& value : canvas_) value = std::min(value, 255.F);
    if (script_.under == weather::rain) rain();
    if (faulty) tamper_.spoil(canvas_, daylight < 0.3);
    const double dark = 1 - smooth_step(daylight * 2);
    expose(canvas_, noise_day_ + (noise_night_ - noise_day_) * static_cast<float>(dark), random_,
           picture_);
  }

  void rain() {
    rain_ += (between(random_, -1.2, 1) - rain_) * 0.05;
    const double strength = std::clamp(0.7 + rain_, 0.2, 1.0);
    const float grey = always_night_ ? 38 : 120;
    const float left_over = static_cast<float>(1 - 0.35 * strength);
    for (float& value : canvas_) value = grey + (value - grey) * left_over;
    for (int i = static_cast<int>(150 * strength); i > 0; --i) {
      const double x = between(random_, 0, picture_width), y = between(random_, 0, picture_height);
      const double length = between(random_, 4, 14);
      box(canvas_, x, y, x + 1, y + length, grey + static_cast<float>(between(random_, 15, 55)));
    }
    if (drops_.empty() || random_.unit() < 0.05) {
      drops_.resize(6);
      for (point& drop : drops_)
        drop = {between(random_, 0, picture_width), between(random_, 0, picture_height)};
    }
    for (const point& drop : drops_) veil(canvas_, drop.x, drop.y, 14, grey * 1.2F, 0.75F);
  }

  void stamp() {
    if (!has_clock_) return;
    const auto s = static_cast<long>(time_of_day());
    burn_text(picture_, fmt::format("CAM {:02}:{:02}:{:02} ", s / 3600 % 24, s / 60 % 60, s % 60));
  }

  const script script_;
  seeded_random random_;
  world place_;
  camera_pose pose_;
  still_view view_;
  tamper tamper_;
  traffic traffic_;
  std::unique_ptr<starved_codec> codec_;
  bool always_night_ = false, windy_ = false, has_clock_ = true, turned_ = false;
  double start_seconds_ = 0, cloud_ = 0, rain_ = 0;
  float noise_day_ = 1, noise_night_ = 3, night_exposure_ = 1;
  int number_ = -1;
  light lit_, canvas_;
  std::vector<point> drops_;
  std::vector<std::uint8_t> picture_, held_, held_stamped_;
};

sequence::sequence(const script& what) : impl_{std::make_unique<impl>(what)} {}
sequence::~sequence() = default;
sequence::sequence(sequence&&) noexcept = default;
const std::vector<std::uint8_t>& sequence::next() { return impl_->next(); }
label sequence::truth() const { return impl_->truth(); }
std::int64_t sequence::seconds() const { return impl_->seconds(); }

}  // namespace vigie::simulators::health
