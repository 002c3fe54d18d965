// SPDX-License-Identifier: Apache-2.0
#include "common_notifier/shell.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "common_notifier/text.hpp"

namespace vigie::notifier {

namespace {

// A host that lost its memory of a delivery asks again within minutes, not after a thousand others.
constexpr std::size_t remembered_deliveries = 1024;

notification cleaned(const sdk::notification& given) {
  notification n;
  n.status = static_cast<std::int32_t>(given.status);
  n.key = given.key;
  n.recipient = given.recipient;
  n.incident = clean_text(given.incident);
  n.event = clean_text(given.event);
  n.headline = clean_text(given.headline);
  n.description = clean_text(given.description);
  n.instruction = clean_text(given.instruction);
  n.commune_insee = clean_text(given.commune_insee);
  n.place = clean_text(given.place);
  n.camera = clean_text(given.camera);
  n.has_human_verdict = !given.operator_id.empty();
  n.at_utc_us = given.at.time_since_epoch().count();
  n.priority = given.priority;
  n.latitude_microdeg = given.latitude_microdeg;
  n.longitude_microdeg = given.longitude_microdeg;
  return n;
}

result<void> check(const notification& n) {
  constexpr std::int64_t year_9999_utc_us = 253'370'764'800'000'000;
  if (n.key.size() > 512)
    return fail(VIGIE_E_INVALID, "a notification's key has 512 bytes at most");
  if (n.recipient.empty()) return fail(VIGIE_E_INVALID, "a notification needs a recipient");
  if (n.at_utc_us <= 0 || n.at_utc_us >= year_9999_utc_us)
    return fail(VIGIE_E_INVALID, "the notification's time is missing or no date");
  if (n.is_actual() && !n.has_human_verdict)
    return fail(VIGIE_E_INVALID, "an actual notification needs a human verdict");
  return {};
}

template <class Value>
Value or_throw(result<Value> from) {
  if (!from) throw sdk::failure{static_cast<sdk::status>(from.error().status), from.error().text};
  if constexpr (!std::is_void_v<Value>) return std::move(*from);
}

}  // namespace

void channel_plugin::init(std::string_view config_json) {
  const auto config = nlohmann::json::parse(config_json, nullptr, false);
  if (config.is_discarded())
    throw sdk::failure{sdk::status::invalid, "the configuration is no JSON"};
  if (host_extension<vigie_delivery_t>(VIGIE_EXT_DELIVERY) == nullptr)
    throw sdk::failure{sdk::status::unsupported, "the host offers no " VIGIE_EXT_DELIVERY};
  channel_ = or_throw(make_(config));
}

void channel_plugin::deliver(const sdk::notification& given) {
  const notification n = cleaned(given);
  or_throw(check(n));
  const auto known = std::find_if(done_.begin(), done_.end(), [&](const delivered& d) {
    return d.key == n.key && d.recipient == n.recipient;
  });
  if (known != done_.end()) return tell(n, known->what);
  const outcome what = or_throw(channel_->deliver(n));
  if (done_.size() == remembered_deliveries) done_.pop_front();
  done_.push_back({n.key, n.recipient, what});
  tell(n, what);
}

void channel_plugin::probe(std::string_view recipient) { or_throw(channel_->probe(recipient)); }

void channel_plugin::tell(const notification& n, const outcome& what) {
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  // The recipient has it already: a report that the host refuses cannot take it back.
  const sdk::status taken = report(
      {static_cast<sdk::outcome>(what.kind), n.key, n.recipient, what.reference, what.text, now});
  if (taken != sdk::status::ok)
    log(sdk::severity::host_misbehaving,
        fmt::format("a delivery report was refused with {}", static_cast<int>(taken)));
}

}  // namespace vigie::notifier
