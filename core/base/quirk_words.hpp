// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace vigie {

/// A policy that configs/quirks.toml may set, and the words it may be set to; the first one is the
/// default. The media wing gives them their meaning (rtsp/quirk_book), the configuration only
/// checks them: neither may know the other.
struct quirk_word {
  std::string_view policy;
  std::array<std::string_view, 5> values;  ///< unused places are empty
};

inline constexpr std::array<quirk_word, 19> quirk_words{{
    {"transport", {"tcp", "udp"}},
    {"keepalive", {"automatic", "get_parameter", "options", "set_parameter", "off"}},
    {"receiver_reports", {"5s", "off"}},
    {"teardown", {"always_once", "never"}},
    {"stale_session_guard", {"auto", "always", "off"}},
    {"unassigned_channel", {"ignore", "close"}},
    {"session_id", {"keep_first", "take_last"}},
    {"foreign_ssrc", {"drop_then_adopt_after_3s", "adopt_at_once"}},
    {"resync", {"bounded", "refuse"}},
    {"control_join", {"append", "rfc3986"}},
    {"trust_described_host", {"false", "true"}},
    {"redirects", {"same_host", "any_without_credentials", "refuse"}},
    {"auth", {"digest_only", "allow_basic"}},
    {"range_header", {"npt0", "omit"}},
    {"damaged_au", {"drop_until_key", "pass_damaged"}},
    {"parameters", {"in_band_wins", "described_only"}},
    {"udp_source", {"strict", "same_host", "any"}},
    {"donl", {"refuse", "strip"}},
    {"tls_verify", {"on", "off"}},
}};

}  // namespace vigie
