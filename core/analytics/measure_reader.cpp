// SPDX-License-Identifier: Apache-2.0
#include "analytics/measure_reader.hpp"

#include <algorithm>
#include <cstring>

namespace vigie::analytics {
namespace {

// Written so that what is not a number is outside.
bool is_share(double value) noexcept { return value >= 0 && value <= 1; }
bool is_change(double value) noexcept { return value == -1 || (value >= 0 && value <= 255); }

template <class Record>
Record record_at(byte_view bytes) noexcept {
  Record out;
  std::memcpy(&out, bytes.data(), sizeof out);
  return out;
}

}  // namespace

bool is_sound(const wire::measure& said) noexcept {
  return said.decoded <= 1 && is_share(said.dark_share) && is_share(said.dark_core_share) &&
         is_change(said.change) && is_change(said.change_without_overlay);
}

bool measure_reader::feed(byte_view bytes, const std::function<bool(const wire::measure&)>& take) {
  while (!bytes.empty()) {
    const auto wanted = sandbox_layers_ ? sizeof(wire::measure) : sizeof(wire::hello);
    const auto part = bytes.first(std::min(bytes.size(), wanted - rest_.size()));
    rest_.insert(rest_.end(), part.begin(), part.end());
    bytes = bytes.subspan(part.size());
    if (rest_.size() < wanted) return true;
    if (!sandbox_layers_) {
      const auto said = record_at<wire::hello>(rest_);
      if (said.magic != wire::hello_magic) return false;
      sandbox_layers_ = said.sandbox_layers;
    } else {
      const auto said = record_at<wire::measure>(rest_);
      if (!is_sound(said) || !take(said)) return false;
    }
    rest_.clear();
  }
  return true;
}

}  // namespace vigie::analytics
