// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "common_notifier/notification.hpp"
#include "common_notifier/text.hpp"

namespace vigie::notifier {

/// What an event is called in front of a French recipient: "intrusion" → "Intrusion". An event
/// unknown here is shown by its own name.
std::string event_in_french(std::string_view event);

/// Whether the event is about our own equipment: for the maintenance contractor, never an alert.
bool is_technical(std::string_view event);

/// "samedi 21 novembre 2026 à 18 h 14".
std::string date_in_french(const civil_time& time);

/// "EXERCICE", "ESSAI", empty for the real thing.
std::string_view mark_of(const notification& n);

}  // namespace vigie::notifier
