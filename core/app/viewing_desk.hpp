// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/camera_places.hpp"
#include "base/clock.hpp"
#include "bus/messages.hpp"
#include "domain/viewing.hpp"
#include "gateway/token_mint.hpp"
#include "journal/access_journal.hpp"
#include "people/roster.hpp"
#include "recording/catalogue.hpp"

namespace vigie::app {

struct viewing_ports {
  const camera_places& places;
  const people::roster& roster;
  journal::access_journal& journal;
  recording::catalogue& recordings;
  gateway::token_mint& mint;
  const clock& time;
  std::string http_url;  ///< "http://127.0.0.1:8080": what grants point to
  /// Sessions whose images are being sent right now.
  std::function<std::set<std::string>()> watched;
  /// Whether `alarm` is an open alarm of `commune`; empty: no alarm is known.
  std::function<bool(const commune_id& commune, const std::string& alarm)> is_open_alarm;
};

/// Viewing sessions (LEG-03, LEG-33): every image shown belongs to one, which has one person, one
/// authority, one purpose and one reason. The journal has each camera of it before the grant
/// leaves, and its end. A session lives as long as its right does: `review` asks the rules again
/// and ends what they no longer allow; the gateway then stops the frames. [thread-safe]
class viewing_desk {
 public:
  explicit viewing_desk(viewing_ports ports) : ports_{std::move(ports)} {}

  /// A grant, encoded. Joins the person's open session of the same authority, purpose, reason and
  /// kind, or opens one. Errors: access_denied, reason_missing, not_found, bus_malformed, those of
  /// the journal. [worker]
  result<std::string> open_live(const std::string& user, const bus::live_open_request& ask);
  result<std::string> open_replay(const std::string& user, const bus::replay_open_request& ask);
  result<std::string> list(const std::string& user, const bus::sessions_list_request& ask);
  result<std::string> end(const std::string& user, const bus::sessions_end_request& ask);

  /// Ends every session that the rules no longer allow, or that nobody watches any more. After a
  /// change of the roster, and once a second. [worker]
  void review();
  std::size_t open_sessions() const;

 private:
  struct session {
    std::string name;
    domain::viewing_kind kind = domain::viewing_kind::live;
    domain::view_claim claim;
    std::optional<std::string> alarm;
    domain::purpose purpose = domain::purpose::persons_and_property_safety;
    std::vector<camera_id> cameras;
    std::optional<journal::image_interval> interval;
    utc_us since = 0;
    mono_ns last_seen = 0;  ///< granted or watched
  };
  struct permit {
    domain::purpose purpose;
    camera_places::place place;
  };

  result<permit> permitted(domain::viewing_kind kind, const domain::view_claim& claim,
                           const camera_id& camera, const std::optional<std::string>& alarm) const;
  domain::alarm_proof proof_of(const std::optional<std::string>& alarm,
                               const commune_id& commune) const;
  /// Journals the access, then gives the name of the session it belongs to.
  result<std::string> enter(session wanted, const camera_id& camera);
  std::optional<std::string> reason_to_end(const session& s,
                                           const std::vector<domain::person>& people,
                                           const std::set<std::string>& watched);
  void close(const session& s, const std::string& author, const std::string& reason,
             const std::string& why);

  viewing_ports ports_;
  mutable std::mutex mutex_;
  std::map<std::string, session> open_;
};

}  // namespace vigie::app
