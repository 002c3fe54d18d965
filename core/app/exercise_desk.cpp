// SPDX-License-Identifier: Apache-2.0
#include "app/exercise_desk.hpp"

#include <fmt/format.h>
#include <vigie/notifier.h>

#include <algorithm>
#include <utility>

namespace vigie::app {
namespace {

constexpr std::string_view name_of_outcome(std::int32_t outcome) noexcept {
  switch (outcome) {
    case VIGIE_DELIVERY_DELIVERED:
      return "delivered";
    case VIGIE_DELIVERY_ACKNOWLEDGED:
      return "acknowledged";
    case VIGIE_DELIVERY_NEEDS_HUMAN:
      return "needs_human";
    default:
      return "failed";
  }
}

plugin_host::notification exercise(std::string key, const std::string& recipient,
                                   const std::string& asker, utc_us now) {
  plugin_host::notification n;
  n.status = VIGIE_NOTIFY_EXERCISE;
  n.key = std::move(key);
  n.recipient = recipient;
  n.incident = n.key;
  n.event = "exercise";
  n.headline = "EXERCICE – essai de la liaison avec le centre de supervision";
  n.description = "Ceci est un essai de liaison. Aucune intervention n'est demandée.";
  n.operator_id = asker;
  n.at = now;
  n.priority = 5;
  return n;
}

}  // namespace

void exercise_desk::run(const std::string& plugin, const std::string& recipient,
                        const std::string& asker, outcome_function done) {
  const auto known = runtime_.manifest_of(plugin);
  if (!known || known->kind != plugin_host::plugin_kind::notifier)
    return done(fail(errc::not_found, "no notifier " + plugin));
  std::string key;
  {
    std::lock_guard lock{mutex_};
    key = fmt::format("exercise-{}-{}", prefix_, ++last_);
    waiting_[key] = {plugin, time_.mono() + to_ns(patience), std::move(done)};
  }
  runtime_.deliver(plugin, exercise(key, recipient, asker, time_.utc()),
                   [this, key](const result<void>& taken) {
                     if (!taken) finish(key, tl::unexpected{taken.error()});
                   });
}

void exercise_desk::on_report(const std::string& plugin,
                              const plugin_host::delivery_report& report) {
  {
    std::lock_guard lock{mutex_};
    const auto found = waiting_.find(report.key);
    if (found == waiting_.end() || found->second.plugin != plugin) return;
  }
  finish(report.key, exercise_outcome{std::string{name_of_outcome(report.outcome)},
                                      report.reference, report.text});
}

void exercise_desk::pulse() {
  std::vector<std::string> late;
  {
    std::lock_guard lock{mutex_};
    for (const auto& [key, one] : waiting_)
      if (time_.mono() >= one.until) late.push_back(key);
  }
  for (const auto& key : late)
    finish(key, exercise_outcome{"no_report", {}, "the plugin took it and told no outcome"});
}

void exercise_desk::finish(const std::string& key, result<exercise_outcome> how) {
  outcome_function done;
  {
    std::lock_guard lock{mutex_};
    const auto found = waiting_.find(key);
    if (found == waiting_.end()) return;
    done = std::move(found->second.done);
    waiting_.erase(found);
  }
  done(std::move(how));
}

}  // namespace vigie::app
