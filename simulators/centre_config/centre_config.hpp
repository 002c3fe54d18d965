// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "camera_farm/fleet.hpp"
#include "centre_config/communes.hpp"

namespace vigie::simulators {

/// A centre for a farm of simulated cameras.
struct centre_options {
  department where = department::val_doise;
  unsigned cameras = 24;
  unsigned communes = 3;
  unsigned sites = 8;
  std::uint16_t camera_port = 8554;
  std::string data_dir = "../build/demo";
  std::uint16_t bus_port = 4222;
  std::uint16_t websocket_port = 9222;
  std::uint16_t gateway_port = 8080;
  unsigned shards = 2;
  std::string password_env = "VIGIE_CAMERA_PASSWORD";
  std::string password_file;  ///< instead of the environment when not empty
};

fleet fleet_of(const centre_options& options);

/// A centre in its real size. `oise`: 3,000 cameras of 151 communes, as connected in 2025.
/// `strasbourg`: 766 cameras, on roads and in facilities of 27 communes, as in 2022. `val-d-oise`:
/// the 2,000 cameras its room was built for, and the 20 collectivities that meant to join.
/// Errors: config_invalid.
result<centre_options> sizes_of(std::string_view profile);

/// Where a site of such a centre stands, in the configuration's words.
struct site_place {
  unsigned commune = 0;  ///< from 0, as `commune_of` counts
  std::string insee;
  std::string site;           ///< its id
  index_range cameras;        ///< from 1; `camera_id_of` names them
  bool is_monitored = false;  ///< a building with an alarm panel, not a street
};
/// Site `index`, from 1, of `options.sites`.
site_place site_place_of(const centre_options& options, unsigned index);

/// The configuration of a centre that watches a farm, as TOML. Sites are spread over the communes
/// and cameras over the sites, both in order and evenly; the same options always give the same
/// text. Errors: config_invalid.
result<std::string> make_centre_config(const centre_options& options);

}  // namespace vigie::simulators
