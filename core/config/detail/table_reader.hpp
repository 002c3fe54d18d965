// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/detail/findings.hpp"
#include "domain/local_time.hpp"
#include "domain/territory.hpp"

namespace vigie::config::detail {

place place_of(const toml::source_region& region) noexcept;

/// Reads one TOML table. Each accessor asks for a key by name and type, reports a value of another
/// type, and remembers the name: what was never asked for is unknown, and `finish` reports it.
/// An accessor gives nothing when the key is absent or was reported.
class table_reader {
 public:
  /// `title` is how messages call the table: "[gateway]".
  table_reader(const toml::table& table, std::string title, findings_log& log);

  std::optional<written<std::string>> text(std::string_view key);
  /// A whole number from `lowest` to `highest`.
  std::optional<written<std::int64_t>> number(std::string_view key, std::int64_t lowest,
                                              std::int64_t highest);
  /// Any whole number: the caller judges it.
  std::optional<written<std::int64_t>> any_number(std::string_view key);
  std::optional<written<bool>> flag(std::string_view key);
  std::optional<written<std::vector<written<std::string>>>> texts(std::string_view key);
  /// A calendar date, written without quotes.
  std::optional<written<domain::calendar_date>> date(std::string_view key);
  /// An instant: a date (French local time, its first moment, or with `is_end` the moment after its
  /// last), or a date and time with its offset, as 2026-01-31T12:00:00Z.
  std::optional<written<utc_us>> instant(std::string_view key, bool is_end);
  /// `[49.03, 2.06]`: latitude and longitude in degrees.
  std::optional<written<domain::position>> point(std::string_view key);
  /// A list of such points, the corners of an area.
  std::optional<written<domain::polygon>> polygon(std::string_view key);
  /// `[key]`; null when absent or reported.
  const toml::table* table(std::string_view key);
  /// `[[key]]`; `header` is how it is written, for the remedy: "[[commune.site]]".
  std::vector<const toml::table*> tables(std::string_view key, std::string_view header);

  /// The key itself, when present, for keys that must not be there whatever their value.
  std::optional<place> key_place(std::string_view key);
  place here() const noexcept;
  const std::string& title() const noexcept { return title_; }

  /// Reports unknown keys. Call once, when everything was asked for.
  void finish();

 private:
  const toml::node* ask(std::string_view key);
  void wrong_type(const toml::node& node, std::string_view key, std::string_view expected,
                  std::string_view example);

  const toml::table& table_;
  std::string title_;
  findings_log& log_;
  std::vector<std::string_view> asked_;
};

}  // namespace vigie::config::detail
