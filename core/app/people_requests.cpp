// SPDX-License-Identifier: Apache-2.0
#include "app/people_requests.hpp"

#include "app/bus_users.hpp"
#include "bus/codec.hpp"

namespace vigie::app {
namespace {

using domain::access_refusal;

bus::person_entry to_bus(const domain::person& p) {
  bus::person_entry e;
  e.name = p.name;
  e.full_name = p.full_name;
  e.role = domain::name_of(p.role);
  e.is_on_duty = p.is_on_duty;
  e.is_suspended = p.is_suspended;
  e.has_live_right = p.has_live_right;
  e.has_replay_right = p.has_replay_right;
  e.communes = p.communes;
  if (p.approval)
    e.approvals.push_back({p.approval->department, p.approval->valid_from_utc_us,
                           p.approval->valid_until_utc_us, p.approval->is_suspended});
  return e;
}

bus::proposal_entry to_bus(const domain::proposal& p) {
  bus::proposal_entry e;
  e.number = static_cast<std::uint64_t>(p.number);
  e.change = domain::name_of(p.change);
  e.subject = p.subject;
  e.author = p.author;
  e.reason = p.reason;
  e.proposed_at = p.proposed_at;
  e.expires_at = domain::expires_at(p);
  e.state = domain::name_of(p.state);
  if (p.state != domain::proposal_state::open) {
    e.decided_by = p.decided_by;
    e.decided_at = p.decided_at;
  }
  return e;
}

}  // namespace

result<std::string> people_requests::tell_me(const std::string& user,
                                             const std::string& correlation) const {
  const auto people = people_.roster().people();
  const auto* who = domain::find_person(*people, user);
  if (who == nullptr) return tl::unexpected{to_error(access_refusal::unknown_person)};
  bus::me_reply reply;
  reply.correlation = correlation;
  reply.person = to_bus(*who);
  for (int i = 1; i <= domain::last_act; ++i)
    if (const auto a = static_cast<domain::act>(i); domain::role_may(who->role, a))
      reply.acts.emplace_back(domain::name_of(a));
  reply.subjects = subjects_of(*who);
  return bus::encode(reply);
}

result<std::string> people_requests::me(const std::string& user,
                                        const bus::people_me_request& ask) const {
  return tell_me(user, ask.correlation);
}

result<std::string> people_requests::duty(const std::string& user,
                                          const bus::people_duty_request& ask) {
  const people::change_note note{user, ask.reason, "duty"};
  auto done = people_.change(user, note, [&](domain::person& p) -> result<std::string> {
    p.is_on_duty = ask.is_on_duty;
    return std::string{ask.is_on_duty ? "on" : "off"};
  });
  if (!done) return tl::unexpected{done.error()};
  return tell_me(user, ask.correlation);
}

result<std::string> people_requests::list(const bus::people_list_request& ask) const {
  bus::people_reply reply;
  reply.correlation = ask.correlation;
  for (const auto& p : *people_.roster().people()) reply.people.push_back(to_bus(p));
  return bus::encode(reply);
}

result<std::string> people_requests::suspend(const std::string& user,
                                             const bus::people_suspend_request& ask) {
  const auto people = people_.roster().people();
  // What was taken in an emergency is given back by who manages the people.
  if (!ask.is_suspended)
    if (const auto refused =
            domain::obstacle(domain::find_person(*people, user), domain::act::manage_people))
      return tl::unexpected{to_error(*refused)};
  if (ask.name == user) return tl::unexpected{to_error(access_refusal::same_person)};
  const people::change_note note{user, ask.reason, ask.is_suspended ? "suspend" : "restore"};
  auto done = people_.change(ask.name, note, [&](domain::person& p) -> result<std::string> {
    p.is_suspended = ask.is_suspended;
    if (ask.is_suspended) p.is_on_duty = false;
    return std::string{};
  });
  if (!done) return tl::unexpected{done.error()};
  return list({ask.correlation});
}

result<std::string> people_requests::proposals(const std::string& correlation) {
  const auto all = people_.proposals();
  if (!all) return tl::unexpected{all.error()};
  bus::proposals_reply reply;
  reply.correlation = correlation;
  for (const auto& p : *all) reply.proposals.push_back(to_bus(p));
  return bus::encode(reply);
}

result<std::string> people_requests::propose(const std::string& user,
                                             const bus::proposals_open_request& ask) {
  const auto change = domain::sensitive_change_from(ask.change);
  if (!change)
    return fail(errc::bus_malformed,
                "change: expected enable_analytics, external_access or mask_removal");
  const auto number = people_.propose(user, *change, ask.subject, ask.reason);
  if (!number) return tl::unexpected{number.error()};
  return proposals(ask.correlation);
}

result<std::string> people_requests::decide(const std::string& user,
                                            const bus::proposals_decide_request& ask) {
  const auto wanted = domain::proposal_state_from(ask.decision);
  if (!wanted || *wanted == domain::proposal_state::open)
    return fail(errc::bus_malformed, "decision: expected confirmed or rejected");
  const auto done =
      people_.decide(user, static_cast<std::int64_t>(ask.number), *wanted, ask.reason);
  if (!done) return tl::unexpected{done.error()};
  return proposals(ask.correlation);
}

}  // namespace vigie::app
