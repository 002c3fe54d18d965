// SPDX-License-Identifier: Apache-2.0
#include "app/request_desk.hpp"

#include <algorithm>
#include <utility>

#include "app/bus_users.hpp"
#include "app/bus_words.hpp"
#include "app/journal_acts.hpp"
#include "app/request_rules.hpp"
#include "base/log.hpp"
#include "bus/codec.hpp"
#include "bus/subjects.hpp"
#include "domain/access_refusal.hpp"

namespace vigie::app {
namespace {

constexpr std::size_t queue_capacity = 4096;

/// Whether the subject of the event is one this person may listen to.
bool is_for(const domain::person& who, const bus::event_message& event) {
  const auto name = bus::subject::event(event.commune, event.site, event.camera, event.type);
  const auto patterns = subjects_of(who);
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& p) { return bus::subject::matches(p, name); });
}

}  // namespace

request_desk::request_desk(desk_ports ports)
    : ports_{std::move(ports)}, people_{ports_.people}, thread_{queue_capacity} {}

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
  const auto people = ports_.people.roster().people();
  const auto* who = domain::find_person(*people, from.user);
  if (const auto refused = request_obstacle(who, from))
    return refuse(body, to_error(*refused), reply);
  if (const auto* ask = std::get_if<bus::snapshot_request>(&*request))
    return snapshot(*who, *ask, std::move(reply));
  if (const auto* ask = std::get_if<bus::exercise_request>(&*request))
    return run_exercise(from.user, body, *ask, std::move(reply));
  auto told = answer(*who, *request);
  if (!told) return refuse(body, told.error(), reply);
  ++answered_;
  reply(std::move(*told));
}

result<std::string> request_desk::answer(const domain::person& who, const bus::request& asked) {
  const auto& user = who.name;
  if (const auto* ask = std::get_if<bus::events_recent_request>(&asked))
    return recent_events(who, *ask);
  if (const auto* ask = std::get_if<bus::plugins_list_request>(&asked)) return list_plugins(*ask);
  if (const auto* ask = std::get_if<bus::plugins_why_request>(&asked)) return explain_plugin(*ask);
  if (const auto* ask = std::get_if<bus::live_open_request>(&asked)) {
    if (auto room = ports_.load.admit_live_view(); !room) return tl::unexpected{room.error()};
    return ports_.viewing.open_live(user, *ask);
  }
  if (const auto* ask = std::get_if<bus::replay_open_request>(&asked)) {
    if (auto room = ports_.load.admit_replay(); !room) return tl::unexpected{room.error()};
    return ports_.viewing.open_replay(user, *ask);
  }
  if (const auto* ask = std::get_if<bus::sessions_list_request>(&asked))
    return ports_.viewing.list(user, *ask);
  if (const auto* ask = std::get_if<bus::sessions_end_request>(&asked))
    return ports_.viewing.end(user, *ask);
  if (const auto* ask = std::get_if<bus::people_me_request>(&asked)) return people_.me(user, *ask);
  if (const auto* ask = std::get_if<bus::people_duty_request>(&asked))
    return people_.duty(user, *ask);
  if (const auto* ask = std::get_if<bus::people_list_request>(&asked)) return people_.list(*ask);
  if (const auto* ask = std::get_if<bus::people_suspend_request>(&asked))
    return people_.suspend(user, *ask);
  if (const auto* ask = std::get_if<bus::proposals_list_request>(&asked))
    return people_.proposals(ask->correlation);
  if (const auto* ask = std::get_if<bus::proposals_open_request>(&asked))
    return people_.propose(user, *ask);
  return people_.decide(user, std::get<bus::proposals_decide_request>(asked));
}

void request_desk::refuse(const std::string& body, const error& why,
                          const bus::reply_function& reply) {
  ++refused_;
  auto told = bus::to_error_reply(bus::correlation_of(body), why);
  if (const auto words = domain::access_words_in(why.detail)) {
    told.rule = words->rule;
    told.en = words->en;
    told.fr = words->fr;
    if (!words->who.empty()) told.who = words->who;
  }
  reply(bus::encode(told));
}

void request_desk::snapshot(const domain::person& who, const bus::snapshot_request& ask,
                            bus::reply_function reply) {
  const auto& communes = ports_.centre.communes;
  const bool is_known = ask.commune.empty() ||
                        std::any_of(communes.begin(), communes.end(),
                                    [&](const auto& commune) { return commune.id == ask.commune; });
  const auto request = bus::encode(ask);
  if (!is_known)
    return refuse(request, {errc::not_found, "no commune " + ask.commune.str()}, reply);
  if (!ask.commune.empty())
    if (const auto refused = domain::obstacle(&who, domain::act::read_states, ask.commune))
      return refuse(request, to_error(*refused), reply);
  // The number first: what the view holds beyond it is merely repeated by the stream.
  const auto stamp = ports_.publisher.stamp();
  ports_.control.snapshot(
      [this, who, stamp, ask, request, reply](result<control::centre_view> view) {
        if (!view) return refuse(request, view.error(), reply);
        // Thousands of cameras take a while to write down: not on a thread of the actors.
        const bool taken =
            thread_.post([this, who, stamp, ask, view = std::move(*view), reply]() mutable {
              tell_snapshot(who, ask, stamp, std::move(view), reply);
            });
        if (!taken)
          refuse(request, {errc::internal, "too many requests at once; try again"}, reply);
      });
}

void request_desk::tell_snapshot(const domain::person& who, const bus::snapshot_request& ask,
                                 const bus::message_stamp& stamp, control::centre_view view,
                                 const bus::reply_function& reply) {
  std::erase_if(view.communes, [&](const auto& c) {
    return !domain::handles(who, c.state.commune) ||
           (!ask.commune.empty() && c.state.commune != ask.commune);
  });
  auto message = to_bus(view, ports_.centre, ports_.places);
  for (auto& commune : message.communes)
    for (auto& site : commune.sites)
      for (auto& camera : site.cameras) ports_.publisher.tell_ways(camera);
  message.correlation = ask.correlation;
  message.stamp = stamp;
  ++answered_;
  reply(bus::encode_fitting(std::move(message)));
}

result<std::string> request_desk::recent_events(const domain::person& who,
                                                const bus::events_recent_request& ask) {
  const auto found = ports_.events.recent(
      ask, [&](const bus::event_message& event) { return is_for(who, event); });
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

}  // namespace vigie::app
