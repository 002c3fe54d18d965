// SPDX-License-Identifier: Apache-2.0
// A notifier of the day of ABI 1.0, in C++ over the bare C ABI.
#include <cstring>
#include <string_view>

#include "vigie/sdk.h"

namespace {

std::string_view view(vigie_str_t text) {
  return {text.data == nullptr ? "" : text.data, static_cast<size_t>(text.length)};
}
constexpr vigie_str_t text(std::string_view from) { return {from.data(), from.size()}; }

constexpr vigie_plugin_descriptor_t descriptor{
    sizeof(vigie_plugin_descriptor_t), VIGIE_KIND_NOTIFIER, text("fr.vigie.test.frozen_notifier"),
    text("Frozen notifier"),           text("Vigie"),       text("1.0.0")};

struct instance {
  vigie_plugin_t abi{};
  const vigie_host_t* host = nullptr;
  const vigie_delivery_t* delivery = nullptr;
  bool is_started = false;
};

instance& of(const vigie_plugin_t* plugin) { return *static_cast<instance*>(plugin->data); }

vigie_status_t fail(vigie_error_t* error, vigie_status_t code, std::string_view why) {
  if (error != nullptr && VIGIE_HAS(error, vigie_error_t, text)) {
    error->code = code;
    const size_t length = why.copy(error->text, sizeof(error->text) - 1);
    error->text[length] = '\0';
  }
  return code;
}

vigie_status_t init(const vigie_plugin_t* plugin, vigie_str_t, vigie_error_t* error) {
  auto& self = of(plugin);
  if (self.delivery != nullptr) return fail(error, VIGIE_E_STATE, "initialised already");
  self.delivery =
      static_cast<const vigie_delivery_t*>(self.host->get_extension(self.host, VIGIE_EXT_DELIVERY));
  return self.delivery != nullptr ? VIGIE_OK : fail(error, VIGIE_E_UNSUPPORTED, "no delivery");
}

vigie_status_t start(const vigie_plugin_t* plugin, vigie_error_t* error) {
  auto& self = of(plugin);
  if (self.delivery == nullptr || self.is_started) return fail(error, VIGIE_E_STATE, "not now");
  self.is_started = true;
  return VIGIE_OK;
}

void stop(const vigie_plugin_t* plugin) { of(plugin).is_started = false; }
void destroy(const vigie_plugin_t* plugin) { delete &of(plugin); }

vigie_status_t deliver(const vigie_plugin_t* plugin, const vigie_notification_t* alert,
                       vigie_error_t* error) {
  auto& self = of(plugin);
  if (!self.is_started) return fail(error, VIGIE_E_STATE, "not started");
  if (alert->key.length == 0) return fail(error, VIGIE_E_INVALID, "no key");
  vigie_delivery_report_t out{};
  out.size = sizeof(out);
  out.outcome = VIGIE_DELIVERY_NEEDS_HUMAN;
  out.key = alert->key;
  out.recipient = alert->recipient;
  out.text = alert->headline;
  self.delivery->report(self.host, &out);
  return VIGIE_OK;
}

vigie_status_t probe(const vigie_plugin_t* plugin, vigie_str_t recipient, vigie_error_t* error) {
  if (!of(plugin).is_started) return fail(error, VIGIE_E_STATE, "not started");
  return recipient.length > 0 ? VIGIE_OK : fail(error, VIGIE_E_NOT_FOUND, "nobody");
}

constexpr vigie_notifier_t notifier{sizeof(vigie_notifier_t), 0, deliver, probe};

const void* get_extension(const vigie_plugin_t*, const char* id) {
  return std::strcmp(id, VIGIE_EXT_NOTIFIER) == 0 ? &notifier : nullptr;
}

const vigie_plugin_t* create(const vigie_host_t* host, vigie_str_t id) {
  if (view(id) != view(descriptor.id)) return nullptr;
  auto* const self = new instance;
  self->host = host;
  self->abi = {sizeof(vigie_plugin_t), 0, &descriptor, self, init, start, stop, destroy,
               get_extension};
  return &self->abi;
}

constexpr vigie_plugin_factory_t factory{
    sizeof(vigie_plugin_factory_t), 0, [] { return 1U; },
    [](uint32_t index) { return index == 0 ? &descriptor : nullptr; }, create};

}  // namespace

const vigie_plugin_entry_t vigie_plugin_entry{
    sizeof(vigie_plugin_entry_t), VIGIE_ABI_VERSION,
    [](vigie_str_t, vigie_error_t*) { return vigie_status_t{VIGIE_OK}; }, [] {},
    [](const char* id) {
      return std::strcmp(id, VIGIE_FACTORY_NOTIFIER) == 0 ? &factory : nullptr;
    }};
