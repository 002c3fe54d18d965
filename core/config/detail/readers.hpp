// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/centre_config.hpp"
#include "config/detail/findings.hpp"
#include "config/detail/table_reader.hpp"

namespace vigie::config::detail {

/// What all readers of one file share.
struct reading {
  std::filesystem::path base_dir;  ///< of relative paths
  const environment& env;
  findings_log& log;
};

/// `password_file` or `password_env` of a table. A plain `password` is refused, a missing, empty or
/// world-readable source reported; nothing is given then, and `is_named` tells that there was one.
struct password_setting {
  bool is_named = false;
  place at;
  secret value;
};
password_setting read_password(table_reader& table, const reading& context);

/// Everything but communes and `[defaults]`.
void read_sections(table_reader& root, const reading& context, centre_config& out);

/// `[defaults]` and `[[commune]]` with all that is in them; a camera's `protocol` is one of
/// `plugins`. Where cameras stand goes to `positions`.
void read_topology(table_reader& root, const reading& context,
                   const std::vector<plugin_section>& plugins, domain::topology& out,
                   std::map<camera_id, domain::position>& positions);

/// `[[zone]]` and `[[recipient]]`: what decides who is told of an incident. `centre` is read.
void read_routing(table_reader& root, const reading& context, const centre_config& centre,
                  domain::routing_table& out);

/// `[[recipient]]`, of the `known` communes.
void read_recipients(table_reader& root, const reading& context, const centre_config& centre,
                     const std::vector<std::string_view>& known,
                     std::vector<domain::recipient_entry>& out);

/// A commune of this centre by its INSEE code in any case; reports, and gives nothing, otherwise.
std::optional<commune_id> take_commune(const written<std::string>& code,
                                       const std::vector<std::string_view>& known,
                                       const reading& context);

/// `from_key` and `until_key`, in this order.
domain::date_range read_dates(table_reader& table, const reading& context,
                              std::string_view from_key, std::string_view until_key);

/// A `polygon` with a surface; empty when there is none or it was reported.
domain::polygon read_area(table_reader& table, const reading& context);

/// "06:00-23:00", local time; past midnight when the second is not later.
std::optional<domain::day_hours> hours_of(std::string_view text);

/// `viewing_hours` and `viewing_on_alarm` of a commune (M24).
void read_viewing(table_reader& table, const reading& context, domain::commune_entry& out);

/// `[[plugin]]`.
void read_plugins(table_reader& root, const reading& context, std::vector<plugin_section>& out);

/// Ids of the cameras of a centre.
using topology_ids = std::set<std::string, std::less<>>;

/// `[[quirk]]` of a quirks file.
void read_quirks(table_reader& root, const reading& context, const topology_ids& known,
                 std::vector<quirk_section>& out);

/// A table as JSON text, for those who take their own settings.
std::string json_of(const toml::table& table);

/// Checks an id and that it was not used before (`seen` maps ids to their places); reports, and
/// gives nothing, otherwise. `what` is "camera", "site", …
std::optional<std::string> take_id(table_reader& table, std::string_view key, std::string_view what,
                                   std::map<std::string, place>& seen, const reading& context);

/// What is wrong with a camera's address and how to write it; nothing when it is right. Never
/// repeats the address: it may hold a password.
struct url_trouble {
  std::string message;
  std::string remedy;
};
/// Without a protocol plugin it must be rtsp:// or rtsps://; a plugin takes what it takes.
std::optional<url_trouble> check_camera_url(std::string_view url, bool has_plugin);

/// INSEE code of a commune: 5 digits, or 2A or 2B and 3 digits; any case.
bool is_insee(std::string_view code) noexcept;

/// `path` from `base_dir` when relative, tidied.
std::filesystem::path resolve(const std::filesystem::path& base_dir, const std::string& path);

}  // namespace vigie::config::detail
