// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/cpp/detail/instance.hpp"
#include "vigie/cpp/notifier.hpp"

#pragma GCC visibility push(hidden)
namespace vigie::sdk {
namespace detail {

inline vigie_status_t notifier_deliver(const vigie_plugin* self, const vigie_notification_t* raw,
                                       vigie_error_t* error) noexcept {
  return instance::call(self, error, instance::stage::started, [&](instance& i) {
    const auto given = notification_of(raw);
    // Without a key there is no idempotency, and without a status it might look real.
    if (given.key.empty()) throw failure(status::invalid, "a notification without key");
    if (given.status != notification_status::actual &&
        given.status != notification_status::exercise && given.status != notification_status::test)
      throw failure(status::invalid, "a notification of unknown status");
    i.object_as<notifier_plugin>().deliver(given);
  });
}

inline vigie_status_t notifier_probe(const vigie_plugin* self, vigie_str_t recipient,
                                     vigie_error_t* error) noexcept {
  return instance::call(self, error, instance::stage::started, [&](instance& i) {
    i.object_as<notifier_plugin>().probe(view(recipient));
  });
}

inline constexpr vigie_notifier_t notifier_table = {sizeof(vigie_notifier_t), 0, notifier_deliver,
                                                    notifier_probe};

inline constexpr kind_calls notifier_kind = {
    [](instance&, std::string_view id) -> const void* {
      return id == VIGIE_EXT_NOTIFIER ? &notifier_table : nullptr;
    },
    [](instance&) {}, [](instance&, camera_handle, bool) {}};

}  // namespace detail
}  // namespace vigie::sdk
#pragma GCC visibility pop
