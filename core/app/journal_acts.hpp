// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

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

}  // namespace vigie::app
