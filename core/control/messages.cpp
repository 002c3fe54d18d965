// SPDX-License-Identifier: Apache-2.0
#include "control/messages.hpp"

#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <utility>

namespace vigie::control {

caf::message as_message(look&& m) { return caf::make_message(std::move(m)); }
caf::message as_message(tick&& m) { return caf::make_message(std::move(m)); }
caf::message as_message(restart_child&& m) { return caf::make_message(std::move(m)); }
caf::message as_message(camera_report&& m) { return caf::make_message(std::move(m)); }
caf::message as_message(deadline_due&& m) { return caf::make_message(std::move(m)); }
caf::message as_message(new_site&& m) { return caf::make_message(std::move(m)); }
caf::message as_message(site_report&& m) { return caf::make_message(std::move(m)); }
caf::message as_message(new_commune&& m) { return caf::make_message(std::move(m)); }
caf::message as_message(commune_report&& m) { return caf::make_message(std::move(m)); }
caf::message as_message(new_centre&& m) { return caf::make_message(std::move(m)); }

}  // namespace vigie::control
