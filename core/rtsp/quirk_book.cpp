// SPDX-License-Identifier: Apache-2.0
#include "rtsp/quirk_book.hpp"

#include <algorithm>
#include <array>

#include "base/quirk_words.hpp"
#include "rtsp/message.hpp"

namespace vigie::rtsp {
namespace {

/// The words of a policy, in the order of its enumeration, which begins at 1.
template <class Enum>
bool choose(Enum& into, std::string_view policy, std::string_view value) {
  for (const quirk_word& word : quirk_words) {
    if (word.policy != policy) continue;
    const auto found = std::find(word.values.begin(), word.values.end(), value);
    if (value.empty() || found == word.values.end()) return false;
    into = static_cast<Enum>(found - word.values.begin() + 1);
    return true;
  }
  return false;
}

bool choose(bool& into, std::string_view, std::string_view value) {
  if (value != "true" && value != "false") return false;
  into = value == "true";
  return true;
}

bool contains(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return true;
  if (pattern.size() > text.size()) return false;
  for (std::size_t at = 0; at + pattern.size() <= text.size(); ++at)
    if (iequals(text.substr(at, pattern.size()), pattern)) return true;
  return false;
}

bool means(const quirk_rule& rule, const quirk_subject& subject) {
  return (rule.camera.empty() || rule.camera == subject.camera) &&
         contains(subject.vendor, rule.vendor) && contains(subject.server, rule.server) &&
         contains(subject.user_agent, rule.user_agent) && contains(subject.tool, rule.tool);
}

}  // namespace

bool set_policy(quirk_policies& into, std::string_view name, std::string_view value) {
  const auto is = [name](std::string_view other) { return name == other; };
  if (is("transport")) return choose(into.transport, name, value);
  if (is("keepalive")) return choose(into.keepalive, name, value);
  if (is("receiver_reports")) return choose(into.receiver_reports, name, value);
  if (is("teardown")) return choose(into.teardown, name, value);
  if (is("stale_session_guard")) return choose(into.stale_session_guard, name, value);
  if (is("unassigned_channel")) return choose(into.unassigned_channel, name, value);
  if (is("session_id")) return choose(into.session_id, name, value);
  if (is("foreign_ssrc")) return choose(into.rtp.foreign_ssrc, name, value);
  if (is("resync")) return choose(into.resync, name, value);
  if (is("control_join")) return choose(into.control_join, name, value);
  if (is("trust_described_host")) return choose(into.trust_described_host, name, value);
  if (is("redirects")) return choose(into.redirects, name, value);
  if (is("auth")) return choose(into.auth, name, value);
  if (is("range_header")) return choose(into.range_header, name, value);
  if (is("damaged_au")) return choose(into.rtp.damaged_au, name, value);
  if (is("parameters")) return choose(into.rtp.parameters, name, value);
  if (is("udp_source")) return choose(into.udp_source, name, value);
  if (is("donl")) return choose(into.rtp.donl, name, value);
  if (is("tls_verify")) return choose(into.tls_verify, name, value);
  return false;
}

quirk_book::outcome quirk_book::apply(const quirk_policies& base,
                                      const quirk_subject& subject) const {
  outcome out{base, {}};
  std::array<bool, quirk_words.size()> is_set{};
  for (const quirk_rule& rule : rules_) {
    if (!means(rule, subject)) continue;
    for (const auto& [policy, value] : rule.settings) {
      if (!set_policy(out.policies, policy, value)) continue;
      for (std::size_t i = 0; i < quirk_words.size(); ++i)
        if (quirk_words[i].policy == policy) is_set[i] = true;
    }
  }
  for (std::size_t i = 0; i < quirk_words.size(); ++i)
    if (is_set[i]) out.overridden.push_back(quirk_words[i].policy);
  return out;
}

}  // namespace vigie::rtsp
