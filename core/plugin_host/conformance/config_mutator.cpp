// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/config_mutator.hpp"

#include <array>

#include "base/random.hpp"

namespace vigie::plugin_host::conformance {
namespace {

constexpr std::size_t longest = 128 * 1024;

class mutator {
 public:
  mutator(std::string_view base, std::uint64_t seed) : text_{base}, random_{seed} {}

  std::string run() {
    if (below(12) == 0) text_ = whole_text();
    for (auto changes = 1 + below(4); changes > 0; --changes) {
      change();
      if (text_.size() > longest) text_.resize(longest);
    }
    return std::move(text_);
  }

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_.next() % bound; }

  std::string value() {
    constexpr std::array<std::string_view, 24> values{"null",
                                                      "true",
                                                      "false",
                                                      "0",
                                                      "-1",
                                                      "1e999",
                                                      "-0.0",
                                                      "18446744073709551616",
                                                      "9007199254740993",
                                                      "0.1",
                                                      "\"\"",
                                                      "\"\\u0000\"",
                                                      "\"\\ud800\"",
                                                      "\"../../etc/passwd\"",
                                                      "\"%s%n%x\"",
                                                      "\"rtsp://127.0.0.1:9/\"",
                                                      "\"https://[::1]:99999/\"",
                                                      "[]",
                                                      "{}",
                                                      "[[[[]]]]",
                                                      "{\"\":{\"\":0}}",
                                                      "[null,null]",
                                                      "-2147483649",
                                                      "\"\xf0\x9f\x93\xb7\""};
    switch (below(12)) {
      case 0:
        return '"' + std::string(1 + below(20000), 'a') + '"';
      case 1: {
        const auto depth = 1 + below(400);
        return std::string(depth, '[') + std::string(depth, ']');
      }
      default:
        return std::string{values[below(values.size())]};
    }
  }
  std::string key() {
    constexpr std::array<std::string_view, 8> keys{"\"\"",    "\"x\"",         "\"recipients\"",
                                                   "\"url\"", "\"cameras\"",   "\"__proto__\"",
                                                   "\"\\n\"", "\"timeout_ms\""};
    return std::string{keys[below(keys.size())]};
  }
  std::string whole_text() {
    constexpr std::array<std::string_view, 9> texts{"",   "{",  "}",        "[",       "\"",
                                                    "{}", "[]", "\xff\xfe", "{\"a\":}"};
    return std::string{texts[below(texts.size())]};
  }

  void change() {
    const auto at = below(text_.size() + 1);
    switch (below(9)) {
      case 0:  // a flipped bit
        if (!text_.empty()) text_[below(text_.size())] ^= static_cast<char>(1U << below(8));
        break;
      case 1:
        text_.resize(at);
        break;
      case 2:
        text_.insert(at, 1, static_cast<char>(below(256)));
        break;
      case 3:  // a part twice
        text_.insert(at, text_.substr(below(text_.size() + 1), below(64)));
        break;
      case 4:
        text_.erase(at, below(16));
        break;
      case 5:
        text_.insert(at, value());
        break;
      case 6: {  // another member, so that the text stays JSON
        const auto open = text_.find('{', at);
        const auto place = open == std::string::npos ? text_.find('{') : open;
        if (place == std::string::npos) break;
        const bool is_empty = text_.find_first_not_of(" \t\n", place + 1) == text_.find('}', place);
        text_.insert(place + 1, key() + ":" + value() + (is_empty ? "" : ","));
        break;
      }
      default:
        replace_value();
    }
  }
  /// What stands between a colon and the next comma or brace becomes something else.
  void replace_value() {
    auto colon = text_.find(':', below(text_.size() + 1));
    if (colon == std::string::npos) colon = text_.find(':');
    if (colon == std::string::npos) {
      text_ = "{" + key() + ":" + value() + "}";
      return;
    }
    const auto end = std::min(text_.find_first_of(",}", colon), text_.size());
    text_.replace(colon + 1, end - colon - 1, value());
  }

  std::string text_;
  seeded_random random_;
};

}  // namespace

std::string mutated_config(std::string_view base, std::uint64_t seed, std::size_t number) {
  return mutator{base, seed * 0x9e3779b97f4a7c15ULL + number}.run();
}

}  // namespace vigie::plugin_host::conformance
