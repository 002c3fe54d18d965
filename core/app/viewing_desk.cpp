// SPDX-License-Identifier: Apache-2.0
#include "app/viewing_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.hpp"
#include "bus/codec.hpp"

namespace vigie::app {
namespace {

using namespace std::chrono_literals;
using domain::access_refusal;
using domain::viewing_kind;

/// A session that sends nothing ends: a page was closed, or its grant was never used. Clips are
/// fetched piece by piece, with pauses; their tokens last a quarter of an hour.
constexpr auto live_idle = 60s;
constexpr auto replay_idle = 15min;

/// "http://host" → "ws://host", "https://host" → "wss://host".
std::string websocket_url(const std::string& http_url) { return "ws" + http_url.substr(4); }

}  // namespace

domain::alarm_proof viewing_desk::proof_of(const std::optional<std::string>& alarm,
                                           const commune_id& commune) const {
  if (!alarm) return domain::alarm_proof::none_named;
  const bool is_open = ports_.is_open_alarm && ports_.is_open_alarm(commune, *alarm);
  return is_open ? domain::alarm_proof::open_here : domain::alarm_proof::unknown;
}

result<viewing_desk::permit> viewing_desk::permitted(
    viewing_kind kind, const domain::view_claim& claim, const camera_id& camera,
    const std::optional<std::string>& alarm) const {
  const auto* where = ports_.places.find(camera);
  const auto people = ports_.roster.people();
  const auto* who = domain::find_person(*people, claim.user);
  if (where == nullptr) return fail(errc::not_found, "no camera " + camera.str());
  const domain::viewing_place place{*where->commune, where->site->id, *where->camera};
  if (const auto refused = domain::viewing_obstacle(
          who, kind, claim, place, proof_of(alarm, where->commune->id), ports_.time.utc()))
    return tl::unexpected{to_error(*refused)};
  return permit{*domain::purpose_from(claim.purpose), *where};
}

result<std::string> viewing_desk::enter(session wanted, const camera_id& camera) {
  std::lock_guard lock{mutex_};
  const auto same = [&](const auto& entry) {
    const auto& s = entry.second;
    return s.kind == wanted.kind && s.claim.user == wanted.claim.user &&
           s.claim.authority == wanted.claim.authority && s.claim.purpose == wanted.claim.purpose &&
           s.claim.reason == wanted.claim.reason && s.alarm == wanted.alarm;
  };
  const auto found = std::find_if(open_.begin(), open_.end(), same);
  journal::access_entry entry;
  entry.at = ports_.time.utc();
  entry.author = wanted.claim.user;
  entry.authority = wanted.claim.authority;
  entry.verb = journal::access_verb::consultation;
  entry.camera = camera;
  entry.purpose = wanted.purpose;
  entry.reason = wanted.claim.reason;
  entry.interval = wanted.interval;
  entry.detail = found == open_.end() ? "opens a session" : "in session " + found->first;
  if (wanted.alarm) entry.detail += ", alarm " + *wanted.alarm;
  const auto sequence = ports_.journal.append(entry);
  if (!sequence) return tl::unexpected{sequence.error()};
  auto& s = found == open_.end()
                ? open_.emplace(fmt::format("view-{}", *sequence), std::move(wanted)).first->second
                : found->second;
  if (s.name.empty()) {
    s.name = fmt::format("view-{}", *sequence);
    s.since = entry.at;
  }
  if (std::find(s.cameras.begin(), s.cameras.end(), camera) == s.cameras.end())
    s.cameras.push_back(camera);
  s.last_seen = ports_.time.mono();
  return s.name;
}

result<std::string> viewing_desk::open_live(const std::string& user,
                                            const bus::live_open_request& ask) {
  const domain::view_claim claim{user, ask.authority, ask.purpose, ask.reason};
  const auto allowed = permitted(viewing_kind::live, claim, ask.camera, ask.alarm);
  if (!allowed) return tl::unexpected{allowed.error()};
  const auto name =
      enter({{}, viewing_kind::live, claim, ask.alarm, allowed->purpose, {}, {}, 0, 0}, ask.camera);
  if (!name) return name;
  const auto token = ports_.mint.mint_live(ask.camera, user, ask.authority, *name);
  bus::live_grant grant;
  grant.correlation = ask.correlation;
  grant.camera = ask.camera;
  grant.session = *name;
  grant.url = websocket_url(ports_.http_url) + "/live/" + token.text;
  grant.expires_at = token.expires_utc_us;
  return bus::encode(grant);
}

result<std::string> viewing_desk::open_replay(const std::string& user,
                                              const bus::replay_open_request& ask) {
  const domain::view_claim claim{user, ask.authority, ask.purpose, ask.reason};
  const auto allowed = permitted(viewing_kind::replay, claim, ask.camera, std::nullopt);
  if (!allowed) return tl::unexpected{allowed.error()};
  if (ask.to <= ask.from) return fail(errc::bus_malformed, "to: must be later than from");
  const auto name = enter({{},
                           viewing_kind::replay,
                           claim,
                           {},
                           allowed->purpose,
                           {},
                           journal::image_interval{ask.from, ask.to},
                           0,
                           0},
                          ask.camera);
  if (!name) return name;
  const auto found = ports_.recordings.list(ask.camera, ask.from, ask.to);
  if (!found) return tl::unexpected{found.error()};
  const auto token =
      ports_.mint.mint_clip(ask.camera, user, ask.authority, *name, ask.from, ask.to);
  bus::replay_grant grant;
  grant.correlation = ask.correlation;
  grant.camera = ask.camera;
  grant.session = *name;
  grant.expires_at = token.expires_utc_us;
  for (const auto& segment : *found)
    grant.segments.push_back({segment.row.key.start_utc_us, segment.row.end_utc_us,
                              segment.row.bytes,
                              ports_.http_url + "/clip/" + token.text + "/" + segment.id + ".mp4"});
  return bus::encode(grant);
}

result<std::string> viewing_desk::list(const std::string& user,
                                       const bus::sessions_list_request& ask) {
  const auto people = ports_.roster.people();
  const auto* who = domain::find_person(*people, user);
  const bool reads_all = !domain::obstacle(who, domain::act::read_sessions);
  bus::sessions_reply reply;
  reply.correlation = ask.correlation;
  std::lock_guard lock{mutex_};
  for (const auto& [name, s] : open_) {
    // Others' sessions, as far as they are of the reader's own communes (LEG-03).
    const bool is_own = s.claim.user == user;
    if (!is_own && !(reads_all && domain::handles(*who, s.claim.authority))) continue;
    reply.sessions.push_back({name, s.claim.user, std::string{domain::name_of(s.kind)},
                              s.claim.authority, s.claim.purpose, s.claim.reason, s.cameras,
                              s.since});
  }
  return bus::encode(reply);
}

result<std::string> viewing_desk::end(const std::string& user,
                                      const bus::sessions_end_request& ask) {
  const auto people = ports_.roster.people();
  const auto* who = domain::find_person(*people, user);
  {
    std::lock_guard lock{mutex_};
    const auto found = open_.find(ask.session);
    if (found == open_.end()) return tl::unexpected{to_error(access_refusal::session_unknown)};
    const auto& s = found->second;
    if (s.claim.user != user)
      if (const auto refused = domain::obstacle(who, domain::act::end_session, s.claim.authority))
        return tl::unexpected{to_error(*refused)};
    close(s, user, ask.reason, "ended");
    open_.erase(found);
  }
  return list(user, {ask.correlation});
}

std::optional<std::string> viewing_desk::reason_to_end(const session& s,
                                                       const std::vector<domain::person>& people,
                                                       const std::set<std::string>& watched) {
  const auto* who = domain::find_person(people, s.claim.user);
  for (const auto& camera : s.cameras) {
    const auto* where = ports_.places.find(camera);
    if (where == nullptr) return "the camera is gone";
    const domain::viewing_place place{*where->commune, where->site->id, *where->camera};
    const auto refused = domain::viewing_obstacle(
        who, s.kind, s.claim, place, proof_of(s.alarm, where->commune->id), ports_.time.utc());
    if (!refused) continue;
    const auto words = words_of(*refused);
    return fmt::format("{}: {}", words.rule, words.en);
  }
  if (watched.contains(s.name)) return std::nullopt;
  const auto idle = s.kind == viewing_kind::live ? to_ns(live_idle) : to_ns(replay_idle);
  if (ports_.time.mono() - s.last_seen <= idle) return std::nullopt;
  return "nobody watches any more";
}

void viewing_desk::review() {
  const auto people = ports_.roster.people();
  const auto watched = ports_.watched ? ports_.watched() : std::set<std::string>{};
  std::lock_guard lock{mutex_};
  for (auto it = open_.begin(); it != open_.end();) {
    auto& s = it->second;
    if (watched.contains(s.name)) s.last_seen = ports_.time.mono();
    if (const auto why = reason_to_end(s, *people, watched)) {
      close(s, "vigie", s.claim.reason, *why);
      it = open_.erase(it);
    } else {
      ++it;
    }
  }
}

void viewing_desk::close(const session& s, const std::string& author, const std::string& reason,
                         const std::string& why) {
  // The frames stop first: that must not wait for a disk.
  ports_.mint.revoke(s.name);
  journal::access_entry entry;
  entry.at = ports_.time.utc();
  entry.author = author;
  entry.authority = s.claim.authority;
  entry.verb = journal::access_verb::consultation;
  entry.purpose = s.purpose;
  entry.reason = reason;
  entry.detail = fmt::format("ends {} of {}: {}", s.name, s.claim.user, why);
  if (const auto written = ports_.journal.append(entry); !written)
    log::error("the journal does not take the end of {}: {}", s.name, to_string(written.error()));
  log::info("viewing session {} of {} ended: {}", s.name, s.claim.user, why);
}

std::size_t viewing_desk::open_sessions() const {
  std::lock_guard lock{mutex_};
  return open_.size();
}

}  // namespace vigie::app
