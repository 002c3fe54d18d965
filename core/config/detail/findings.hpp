// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/load.hpp"

namespace vigie::config::detail {

/// Where something stands in the file; line 0 is the whole file.
struct place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// A value and where it was written.
template <class T>
struct written {
  T value{};
  place at;
};

/// Collects what is wrong with one file.
class findings_log {
 public:
  explicit findings_log(std::string file) : file_{std::move(file)} {}

  void add(place at, std::string message, std::string remedy, std::string rule = {});
  /// In the order of the file, each once: an inherited value is told where it stands, not for every
  /// camera that inherits it.
  std::vector<finding> in_order() &&;

 private:
  std::string file_;
  std::vector<finding> findings_;
};

/// The entry of `known` that a misspelt `word` probably means; empty when none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

/// "did you mean X?", or "write one of …".
std::string remedy_for(std::string_view word, const std::vector<std::string_view>& known);

/// "a, b, c".
std::string joined(const std::vector<std::string_view>& words);

}  // namespace vigie::config::detail
