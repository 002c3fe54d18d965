// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace vigie::gateway {

enum class metric_type : std::uint8_t { counter = 1, gauge };

/// Writes the Prometheus text exposition format, version 0.0.4. One `family`, then its samples:
/// `w.family("vigie_cameras", metric_type::gauge, "Cameras by state.");`
/// `w.sample({{"state", "live"}}, 24);` One owner.
class prometheus_writer {
 public:
  using label = std::pair<std::string_view, std::string_view>;

  /// `name` is [a-z0-9_]; counters end in _total. `help` is one sentence.
  void family(std::string_view name, metric_type type, std::string_view help);
  /// A value of the current family. Label values may be any UTF-8; they are escaped.
  void sample(std::initializer_list<label> labels, double value);
  void sample(double value) { sample({}, value); }
  /// The text so far; the writer is empty afterwards.
  std::string take() { return std::exchange(text_, {}); }

 private:
  std::string name_;
  std::string text_;
};

}  // namespace vigie::gateway
