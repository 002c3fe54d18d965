// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/fleet.hpp"

#include <cstdint>

namespace vigie::simulators {

namespace {

index_range share_of(unsigned total, unsigned parts, unsigned part) {
  const auto up_to = [&](std::uint64_t n) { return static_cast<unsigned>(total * n / parts); };
  return {up_to(part - 1) + 1, up_to(part)};
}

}  // namespace

index_range sites_of_commune(const fleet& f, unsigned commune) {
  return share_of(f.sites, f.communes, commune);
}

index_range cameras_of_site(const fleet& f, unsigned site) {
  return share_of(f.cameras, f.sites, site);
}

index_range cameras_of_commune(const fleet& f, unsigned commune) {
  const index_range sites = sites_of_commune(f, commune);
  return {cameras_of_site(f, sites.first).first, cameras_of_site(f, sites.last).last};
}

}  // namespace vigie::simulators
