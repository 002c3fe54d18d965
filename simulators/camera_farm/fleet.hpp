// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace vigie::simulators {

/// How a farm's cameras belong together: shared over sites, and those over communes, both in order
/// and evenly. `vigie-sim config` writes centres that way, and scenarios cut off what it wrote.
struct fleet {
  unsigned cameras = 24;
  unsigned communes = 3;
  unsigned sites = 8;
};

/// First and last, both included, from 1.
struct index_range {
  unsigned first = 0;
  unsigned last = 0;
};

/// Sites of commune `commune` (from 1), and cameras of site `site` (from 1) or of a commune.
index_range sites_of_commune(const fleet& f, unsigned commune);
index_range cameras_of_site(const fleet& f, unsigned site);
index_range cameras_of_commune(const fleet& f, unsigned commune);

}  // namespace vigie::simulators
