// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "app/camera_places.hpp"
#include "app/legal_file.hpp"
#include "base/clock.hpp"
#include "config/centre_config.hpp"
#include "journal/access_journal.hpp"

// Acts of the centre that stand in the journal without being requests for images.
namespace vigie::app {

/// The node starts with this configuration: its file's SHA-256 in `detail`, so that an inspection
/// can tell which one was in force. [startup]
journal::access_entry start_act(const config::centre_config& config, utc_us now);

/// `user` tries a notifier towards a recipient. [thread-safe]
journal::access_entry exercise_act(const std::string& user, const std::string& plugin,
                                   const std::string& recipient, utc_us now);

/// An analysis of security events begins or ends (`how`) to look at a camera. [thread-safe]
journal::access_entry analysis_act(const std::string& plugin, const camera_places::place& where,
                                   std::optional<domain::purpose> purpose, std::string reason,
                                   std::string how, utc_us now);

/// The purpose gate refused a camera of this commune to an analysis. [thread-safe]
journal::access_entry refusal_act(const std::string& plugin, const camera_places::place& where,
                                  std::string reason, utc_us now);

/// The legal bases this start goes by, or why none counts. [startup]
journal::access_entry legal_act(const legal_file& found, utc_us now);

}  // namespace vigie::app
