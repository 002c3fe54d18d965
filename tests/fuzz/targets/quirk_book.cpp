// SPDX-License-Identifier: Apache-2.0
#include "rtsp/quirk_book.hpp"

#include <algorithm>

#include "base/quirk_words.hpp"
#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Rules of any words over what a camera says of itself: only known policies change, the same ones
/// however often they are applied.
void run(byte_view bytes) {
  input in{bytes};
  const auto parts = packets_of(in);
  const auto text = [&](std::size_t i) {
    return i < parts.size() ? std::string{text_of(parts[i])} : std::string{};
  };
  rtsp::quirk_rule rule{text(0), text(1), text(2), text(3), text(4), {}};
  for (std::size_t i = 5; i + 1 < parts.size(); i += 2)
    rule.settings.emplace_back(text(i), text(i + 1));
  const rtsp::quirk_book book{{rule, rule}};
  const auto vendor = text(1);
  const rtsp::quirk_subject subject{"cam-1", vendor, "GStreamer RTSP server", "", "cam 1"};
  const auto once = book.apply({}, subject);
  const auto twice = book.apply(once.policies, subject);
  require(once.policies == twice.policies && once.overridden == twice.overridden,
          "applied twice, the same");
  for (const auto name : once.overridden)
    require(std::any_of(quirk_words.begin(), quirk_words.end(),
                        [&](const auto& word) { return word.policy == name; }),
            "only known policies");
  require(once.overridden.size() <= quirk_words.size(), "each once");
  if (once.overridden.empty())
    require(once.policies == rtsp::quirk_policies{}, "no override, no change");
}

std::vector<std::string> seeds() {
  return {
      in_packets({"", "axis", "", "", "", "transport", "udp", "keepalive", "off"}),
      in_packets({"cam-1", "", "gstreamer", "", "", "redirects", "refuse", "nothing", "at all"})};
}

const registration self{
    {"quirk_book",
     run,
     seeds,
     {"transport", "udp", "keepalive", "off", "auth", "allow_basic", "tls_verify"}}};

}  // namespace
