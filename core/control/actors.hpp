// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/caf_compat.hpp"
#include "control/messages.hpp"

// Every actor's interface. Parents monitor their children and restart them one for one; children
// monitor their parent and end with it.
namespace vigie::control {

/// Judges one camera's health from its evidence and tells the site and the world.
using camera_handle = caf::typed_actor<takes<look>,   // evidence waits: collect and judge it
                                       takes<tick>>;  // a second passed: judge what is missing

/// Turns the states of its cameras into one cause per trouble; restarts them.
using site_handle = caf::typed_actor<takes<camera_report>,  // a camera's state
                                     takes<tick>,           // a second passed: pass it on
                                     takes<deadline_due>,   // a correlation deadline may be due
                                     takes<restart_child>,  // spawn that camera again
                                     takes<new_site>>;      // adopt another configuration

/// The viewing authority (LEG-03): counts what its sites report; restarts them.
using commune_handle = caf::typed_actor<takes<site_report>,    // all a site knows
                                        takes<tick>,           // nine seconds passed: refresh
                                        takes<restart_child>,  // spawn that site again
                                        takes<new_commune>>;   // adopt another configuration

/// Keeps the latest report of every commune and answers for the whole; restarts communes. Nobody
/// restarts the centre: it contains its own failures.
using centre_handle = caf::typed_actor<takes<commune_report>,  // all a commune knows
                                       takes<restart_child>,   // spawn that commune again
                                       takes<new_centre>,      // adopt another configuration
                                       answers<get_snapshot, snapshot>>;  // all that is known

}  // namespace vigie::control
