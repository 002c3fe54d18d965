// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace vigie::simulators::health {

enum class weather : std::uint8_t {
  day = 1,       ///< sun, clouds, wandering shadows, traffic
  night,         ///< street lamps, lit windows, now and then a car
  rain,          ///< streaks, drops on the lens, poor contrast; by day or by night
  headlights,    ///< a night of cars that dazzle
  noise,         ///< a poor sensor, by day or by night
  starved,       ///< really encoded by x264 with far too few bits, and decoded
  around_clock,  ///< midnight to midnight, with dawn and dusk
};
inline constexpr weather all_weathers[] = {weather::day,         weather::night, weather::rain,
                                           weather::headlights,  weather::noise, weather::starved,
                                           weather::around_clock};
std::string_view name_of(weather w);

enum class label : std::uint8_t { healthy = 1, black, frozen, blurred, covered, moved };
inline constexpr label all_faults[] = {label::black, label::frozen, label::blurred, label::covered,
                                       label::moved};
std::string_view name_of(label l);

/// What happens to one camera: pictures number `fault_from` to `fault_to` (excluded) show `fault`.
struct script {
  std::uint64_t seed = 1;  ///< scene, traffic, noise, how the fault looks
  weather under = weather::day;
  label fault = label::healthy;
  int fault_from = 0;
  int fault_to = 0;
  int seconds_between = 10;
};

/// A labelled sequence of luma pictures, 320×180. Same script, same pictures.
class sequence {
 public:
  explicit sequence(const script& what);
  ~sequence();
  sequence(sequence&&) noexcept;

  /// The next picture, row by row without gaps; valid until the next call.
  const std::vector<std::uint8_t>& next();
  /// What the picture last returned shows.
  label truth() const;
  /// Seconds since the first picture.
  std::int64_t seconds() const;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace vigie::simulators::health
