// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "domain/legal_basis.hpp"
#include "domain/purpose.hpp"
#include "domain/viewing_window.hpp"

namespace vigie::domain {

/// How a camera is pulled, beyond its address and password.
struct pull_settings {
  std::string vendor;  ///< as its quirks know it; free text
  bool prefers_udp = false;
  std::string ca_file;  ///< of rtsps: whom we trust, PEM; empty: what this machine trusts
  std::string certificate_sha256;  ///< of rtsps: the one certificate accepted, 64 hex digits
  friend bool operator==(const pull_settings&, const pull_settings&) = default;
};

/// A camera as the centre's configuration declares it, defaults already resolved and the law
/// already checked (config refuses what is not lawful).
struct camera_entry {
  camera_id id;
  std::string name;  ///< shown to operators; defaults to the id
  /// rtsp://host[:port]/path, or whatever address its protocol plugin takes; never with
  /// credentials.
  std::string url;
  std::string protocol;  ///< id of the plugin that speaks to it; empty: RTSP by the centre itself
  std::string protocol_options_json = "{}";  ///< the plugin's own settings of this camera
  std::string username;
  secret password;
  pull_settings pull;
  std::vector<purpose> purposes;  ///< at least one (LEG-10)
  regime legal_regime = regime::public_road;
  /// Who answers for its images; decides which legal bases can apply (LEG-51).
  controller_kind controller = controller_kind::joint_authority;
  std::uint32_t retention_days = 0;  ///< authorised days, at most one month (LEG-30)
};

struct site_entry {
  site_id id;
  std::string name;
  std::string kind;  ///< school, museum, public_road, …
  std::vector<camera_entry> cameras;
};

/// A commune: the viewing authority of what it shows (LEG-03).
struct commune_entry {
  commune_id id;  ///< INSEE code, lower case
  std::string name;
  std::vector<site_entry> sites;
  /// When the centre may watch live; none: always; an empty list: never, it only records (M24).
  std::optional<std::vector<viewing_window>> viewing_windows{};
  bool has_alarm_exception = false;  ///< outside them an open alarm opens its commune's cameras
};

struct topology {
  std::string centre_id;
  std::string centre_name;
  std::string department;
  std::vector<commune_entry> communes;
};

}  // namespace vigie::domain
