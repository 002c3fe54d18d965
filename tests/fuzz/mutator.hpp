// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"

namespace vigie::fuzz {

/// Changes inputs at random, reproducibly: bits, bytes, interesting numbers, words of the format,
/// blocks cut, doubled, moved in from other inputs.
class mutator {
 public:
  mutator(std::uint64_t seed, std::vector<std::string> start, std::vector<std::string_view> words,
          std::size_t longest)
      : random_{seed}, start_{std::move(start)}, words_{std::move(words)}, longest_{longest} {}

  /// A seed after 1 to 8 changes.
  std::string next();

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_.next() % bound; }
  void change(std::string& text);

  seeded_random random_;
  std::vector<std::string> start_;
  std::vector<std::string_view> words_;
  std::size_t longest_;
};

}  // namespace vigie::fuzz
