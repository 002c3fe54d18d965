// SPDX-License-Identifier: Apache-2.0
#include "app/request_desk.hpp"

#include <algorithm>
#include <utility>

#include "app/bus_words.hpp"
#include "app/journal_acts.hpp"
#include "base/log.hpp"
#include "bus/codec.hpp"
#include "domain/access.hpp"

namespace vigie::app {
namespace {

constexpr std::size_t queue_capacity = 4096;

/// "http://host" → "ws://host", "https://host" → "wss://host".
std::string websocket_url(const std::string& http_url) { return "ws" + http_url.substr(4); }

template <class Ask>
domain::view_claim claim_of(const std::string& user, const Ask& ask) {
  return {user, ask.authority, ask.purpose, ask.reason};
}

template <class Ask>
journal::access_entry entry_of(const std::string& user, const Ask& ask, domain::purpose purpose,
                               utc_us at) {
  journal::access_entry entry;
  entry.at = at;
  entry.author = user;
  entry.authority = ask.authority;
  entry.verb = journal::access_verb::consultation;
  entry.camera = ask.camera;
  entry.purpose = purpose;
  entry.reason = ask.reason;
  return entry;
}

/// The name of the viewing session a journal entry opened.
std::string session_of(std::int64_t sequence) { return "view-" + std::to_string(sequence); }

}  // namespace

request_desk::request_desk(desk_ports ports) : ports_{std::move(ports)}, thread_{queue_capacity} {}

void request_desk::handle(const bus::request_address& from, std::string body,
                          bus::reply_function reply) {
  const bool taken =
      thread_.post([this, from, body = std::move(body), reply] { serve(from, body, reply); });
  if (!taken) refuse({}, {errc::internal, "too many requests at once; try again"}, reply);
}

void request_desk::serve(const bus::request_address& from, const std::string& body,
                         bus::reply_function reply) {
  auto request = bus::decode_request(from, body);
  if (!request) return refuse(body, request.error(), reply);
  if (const auto* ask = std::get_if<bus::snapshot_request>(&*request))
    return snapshot(*ask, std::move(reply));
  if (const auto* ask = std::get_if<bus::exercise_request>(&*request))
    return run_exercise(from.user, body, *ask, std::move(reply));
  auto told = answer(from.user, *request);
  if (!told) return refuse(body, told.error(), reply);
  ++answered_;
  reply(std::move(*told));
}

result<std::string> request_desk::answer(const std::string& user, const bus::request& asked) {
  if (const auto* ask = std::get_if<bus::events_recent_request>(&asked)) return recent_events(*ask);
  if (const auto* ask = std::get_if<bus::plugins_list_request>(&asked)) return list_plugins(*ask);
  if (const auto* ask = std::get_if<bus::plugins_why_request>(&asked)) return explain_plugin(*ask);
  if (const auto* ask = std::get_if<bus::live_open_request>(&asked)) return open_live(user, *ask);
  return open_replay(user, std::get<bus::replay_open_request>(asked));
}

void request_desk::refuse(const std::string& body, const error& why,
                          const bus::reply_function& reply) {
  ++refused_;
  reply(bus::encode(bus::to_error_reply(bus::correlation_of(body), why)));
}

void request_desk::snapshot(const bus::snapshot_request& ask, bus::reply_function reply) {
  const auto& communes = ports_.centre.communes;
  const bool is_known = ask.commune.empty() ||
                        std::any_of(communes.begin(), communes.end(),
                                    [&](const auto& commune) { return commune.id == ask.commune; });
  const auto request = bus::encode(ask);
  if (!is_known)
    return refuse(request, {errc::not_found, "no commune " + ask.commune.str()}, reply);
  // The number first: what the view holds beyond it is merely repeated by the stream.
  const auto stamp = ports_.publisher.stamp();
  ports_.control.snapshot([this, stamp, ask, request, reply](result<control::centre_view> view) {
    if (!view) return refuse(request, view.error(), reply);
    // Thousands of cameras take a while to write down: not on a thread of the actors.
    const bool taken = thread_.post([this, stamp, ask, view = std::move(*view), reply]() mutable {
      tell_snapshot(ask, stamp, std::move(view), reply);
    });
    if (!taken) refuse(request, {errc::internal, "too many requests at once; try again"}, reply);
  });
}

void request_desk::tell_snapshot(const bus::snapshot_request& ask, const bus::message_stamp& stamp,
                                 control::centre_view view, const bus::reply_function& reply) {
  if (!ask.commune.empty())
    std::erase_if(view.communes, [&](const auto& c) { return c.state.commune != ask.commune; });
  auto message = to_bus(view, ports_.centre, ports_.places);
  message.correlation = ask.correlation;
  message.stamp = stamp;
  ++answered_;
  reply(bus::encode_fitting(std::move(message)));
}

result<std::string> request_desk::recent_events(const bus::events_recent_request& ask) {
  const auto found = ports_.events.recent(ask);
  if (!found) return tl::unexpected{found.error()};
  return bus::encode(*found);
}

result<std::string> request_desk::list_plugins(const bus::plugins_list_request& ask) const {
  bus::plugins_reply reply;
  reply.correlation = ask.correlation;
  for (const auto& status : ports_.plugins.status()) reply.plugins.push_back(to_bus(status));
  return bus::encode(reply);
}

result<std::string> request_desk::explain_plugin(const bus::plugins_why_request& ask) const {
  const auto at = ask.at.value_or(ports_.time.utc());
  const auto answer = ports_.gate.ask(ask.plugin, ask.camera, at);
  if (!answer) return tl::unexpected{answer.error()};
  auto reply = to_bus(*answer);
  reply.correlation = ask.correlation;
  reply.plugin = ask.plugin;
  reply.camera = ask.camera;
  reply.at = at;
  return bus::encode(reply);
}

void request_desk::run_exercise(const std::string& user, const std::string& body,
                                const bus::exercise_request& ask, bus::reply_function reply) {
  // What leaves the centre stands in its log first, an exercise too.
  const auto entry =
      ports_.journal.append(exercise_act(user, ask.plugin, ask.recipient, ports_.time.utc()));
  if (!entry) return refuse(body, entry.error(), reply);
  log::info("{} tries {} towards {}", user, ask.plugin, ask.recipient);
  ports_.plugins.exercises().run(
      ask.plugin, ask.recipient, user,
      [this, ask, body, reply = std::move(reply)](result<exercise_outcome> how) {
        if (!how) return refuse(body, how.error(), reply);
        ++answered_;
        reply(bus::encode(bus::exercise_reply{ask.correlation, ask.plugin, ask.recipient,
                                              how->outcome, how->reference, how->detail}));
      });
}

result<camera_places::place> request_desk::find(const camera_id& camera) const {
  const auto* found = ports_.places.find(camera);
  if (found == nullptr) return fail(errc::not_found, "no camera " + camera.str());
  return *found;
}

result<std::string> request_desk::open_live(const std::string& user,
                                            const bus::live_open_request& ask) {
  const auto where = find(ask.camera);
  if (!where) return tl::unexpected{where.error()};
  const auto purpose = domain::may_view(claim_of(user, ask), where->commune->id, *where->camera);
  if (!purpose) return tl::unexpected{purpose.error()};
  const auto entry = ports_.journal.append(entry_of(user, ask, *purpose, ports_.time.utc()));
  if (!entry) return tl::unexpected{entry.error()};
  const auto token = ports_.mint.mint_live(ask.camera, user, ask.authority, session_of(*entry));
  bus::live_grant grant;
  grant.correlation = ask.correlation;
  grant.camera = ask.camera;
  grant.url = websocket_url(ports_.http_url) + "/live/" + token.text;
  grant.expires_at = token.expires_utc_us;
  return bus::encode(grant);
}

result<std::string> request_desk::open_replay(const std::string& user,
                                              const bus::replay_open_request& ask) {
  const auto where = find(ask.camera);
  if (!where) return tl::unexpected{where.error()};
  const auto purpose = domain::may_view(claim_of(user, ask), where->commune->id, *where->camera);
  if (!purpose) return tl::unexpected{purpose.error()};
  if (ask.to <= ask.from) return fail(errc::bus_malformed, "to: must be later than from");
  auto line = entry_of(user, ask, *purpose, ports_.time.utc());
  line.interval = journal::image_interval{ask.from, ask.to};
  const auto entry = ports_.journal.append(line);
  if (!entry) return tl::unexpected{entry.error()};
  const auto found = ports_.recordings.list(ask.camera, ask.from, ask.to);
  if (!found) return tl::unexpected{found.error()};
  const auto token =
      ports_.mint.mint_clip(ask.camera, user, ask.authority, session_of(*entry), ask.from, ask.to);
  bus::replay_grant grant;
  grant.correlation = ask.correlation;
  grant.camera = ask.camera;
  grant.expires_at = token.expires_utc_us;
  for (const auto& segment : *found)
    grant.segments.push_back({segment.row.key.start_utc_us, segment.row.end_utc_us,
                              segment.row.bytes,
                              ports_.http_url + "/clip/" + token.text + "/" + segment.id + ".mp4"});
  return bus::encode(grant);
}

}  // namespace vigie::app
