// SPDX-License-Identifier: Apache-2.0
#include "fuzz/mutator.hpp"

#include <array>

namespace vigie::fuzz {

std::string mutator::next() {
  std::string text = start_.empty() ? std::string{} : start_[below(start_.size())];
  for (auto changes = 1 + below(8); changes > 0; --changes) change(text);
  if (text.size() > longest_) text.resize(longest_);
  return text;
}

void mutator::change(std::string& text) {
  constexpr std::array<unsigned char, 10> numbers{0,    1,    0x0a, 0x0d, 0x20,
                                                  0x22, 0x7f, 0x80, 0xfe, 0xff};
  const auto at = below(text.size() + 1);
  const bool is_inside = at < text.size();
  switch (below(9)) {
    case 0:
      if (is_inside) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
      return;
    case 1:
      if (is_inside) text[at] = static_cast<char>(random_.next());
      return;
    case 2:
      if (is_inside) text[at] = static_cast<char>(numbers[below(numbers.size())]);
      return;
    case 3:
      text.insert(at, 1 + below(4), static_cast<char>(random_.next()));
      return;
    case 4:
      text.erase(at, 1 + below(16));
      return;
    case 5:
      text.insert(at, text.substr(below(text.size() + 1), 1 + below(64)));
      return;
    case 6:
      text.resize(at);
      return;
    case 7:
      if (!words_.empty()) text.insert(at, words_[below(words_.size())]);
      return;
    default: {
      const std::string& other = start_.empty() ? text : start_[below(start_.size())];
      text.replace(at, below(64), other.substr(below(other.size() + 1), 1 + below(200)));
    }
  }
}

}  // namespace vigie::fuzz
