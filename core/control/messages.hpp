// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

#include <memory>
#include <string>
#include <vector>

#include "control/views.hpp"
#include "domain/site_correlation.hpp"
#include "domain/topology.hpp"

// Every message of the control wing. Facts go up as shared immutable values, orders go down. None
// crosses a process: the bus does that. (centre ─ commune ─ site ─ camera.)
namespace vigie::control {

// -- to a camera
// -----------------------------------------------------------------------------------

/// Evidence waits in your tray.
struct look {};

// -- to anybody
// ------------------------------------------------------------------------------------

/// A beat of time: once a second to sites and, from them, to their cameras; every 9 s to communes.
struct tick {};

/// The pause after a child's crash is over. `child` is its id's text.
struct restart_child {
  std::string child;
  bool clean_start = false;  ///< without what was known of it
};

// -- to a site
// -------------------------------------------------------------------------------------

/// From a camera: its state, at every change and at least every 10 s.
struct camera_report {
  std::shared_ptr<const camera_state> state;
  bool is_change = false;  ///< state, rung or cause differ from the report before
};

/// From itself: a correlation window or a restoration may be due.
struct deadline_due {};

/// From its commune: the site's configuration changed.
struct new_site {
  std::shared_ptr<const domain::site_entry> entry;
};

// -- to a commune
// ----------------------------------------------------------------------------------

/// From a site: all it knows, at every change and at least every 10 s. `memory` lets a restarted
/// site go on where it was, so that no alarm is raised twice.
struct site_report {
  site_id site;
  std::shared_ptr<const site_view> view;
  std::shared_ptr<const domain::site_health> memory;
};

/// From the centre: the commune's configuration changed.
struct new_commune {
  std::shared_ptr<const domain::commune_entry> entry;
};

// -- to the centre
// ---------------------------------------------------------------------------------

/// From a commune: all it knows, as its sites reported it.
struct commune_knowledge {
  commune_state state;
  std::vector<site_report> sites;  ///< in configuration order
};
struct commune_report {
  std::shared_ptr<const commune_knowledge> knowledge;
};

/// From the facade: the whole configuration changed.
struct new_centre {
  std::shared_ptr<const domain::topology> centre;
};

/// A request for everything known, answered from the latest reports, without asking anybody.
struct get_snapshot {};
struct snapshot {
  std::shared_ptr<const centre_view> view;
};

// -- out-of-line construction (caf_compat.hpp says why)
// --------------------------------------------

caf::message as_message(look&& m);
caf::message as_message(tick&& m);
caf::message as_message(restart_child&& m);
caf::message as_message(camera_report&& m);
caf::message as_message(deadline_due&& m);
caf::message as_message(new_site&& m);
caf::message as_message(site_report&& m);
caf::message as_message(new_commune&& m);
caf::message as_message(commune_report&& m);
caf::message as_message(new_centre&& m);

}  // namespace vigie::control

// They never leave the process, so CAF need not know how to serialise them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::look)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::restart_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::camera_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::deadline_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::new_site)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::site_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::new_commune)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::commune_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::new_centre)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::get_snapshot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigie::control::snapshot)
