// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace vigie::simulators {

/// A centre for a farm of simulated cameras.
struct centre_options {
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

/// How many communes of the department are known here.
unsigned known_communes();

/// The configuration of a centre in the Val-d'Oise (department 95) that watches a farm, as TOML.
/// Sites are spread over the communes and cameras over the sites, both in order and evenly; the
/// same options always give the same text. Errors: config_invalid.
result<std::string> make_centre_config(const centre_options& options);

/// Indexes of the cameras of site `site` (from 0): first and last, from 1.
struct camera_range {
  unsigned first = 0;
  unsigned last = 0;
};
camera_range cameras_of_site(const centre_options& options, unsigned site);

}  // namespace vigie::simulators
