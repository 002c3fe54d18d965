// SPDX-License-Identifier: Apache-2.0
// A notifier that reports from a thread of its own.
#include <vigie/sdk.h>

#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

const vigie_host_t* the_host = nullptr;
const vigie_delivery_t* delivery = nullptr;
const vigie_log_t* lines = nullptr;
std::vector<std::thread> threads;

vigie_str_t text(const std::string& t) { return {t.data(), t.size()}; }
vigie_str_t text(const char* t) { return {t, std::strlen(t)}; }

vigie_status_t deliver(const vigie_plugin_t*, const vigie_notification_t* n, vigie_error_t*) {
  lines->write(the_host, VIGIE_LOG_INFO, text("taken\nover"));
  threads.emplace_back([key = std::string{n->key.data, n->key.length},
                        to = std::string{n->recipient.data, n->recipient.length}] {
    vigie_delivery_report_t report{};
    report.size = sizeof report;
    report.outcome = VIGIE_DELIVERY_ACKNOWLEDGED;
    report.key = text(key);
    report.recipient = text(to);
    report.reference = text("R-17");
    report.at_utc_us = 1'700'000'000'000'000;
    delivery->report(the_host, &report);
    report.key = text("of another");
    delivery->report(the_host, &report);
  });
  return VIGIE_OK;
}
vigie_status_t probe(const vigie_plugin_t*, vigie_str_t recipient, vigie_error_t*) {
  return recipient.length == 5 ? VIGIE_OK : VIGIE_E_NOT_FOUND;
}
constexpr vigie_notifier_t notifier{sizeof(vigie_notifier_t), 0, deliver, probe};

const vigie_plugin_descriptor_t descriptor{sizeof descriptor,     VIGIE_KIND_NOTIFIER,
                                           text("test.notifier"), text("Test"),
                                           text("Vigie"),         text("1.0.0")};

vigie_status_t init(const vigie_plugin_t*, vigie_str_t, vigie_error_t*) {
  const auto find = [](const char* id) { return the_host->get_extension(the_host, id); };
  delivery = static_cast<const vigie_delivery_t*>(find(VIGIE_EXT_DELIVERY));
  lines = static_cast<const vigie_log_t*>(find(VIGIE_EXT_LOG));
  return delivery != nullptr && lines != nullptr ? VIGIE_OK : VIGIE_E_UNSUPPORTED;
}
vigie_status_t start(const vigie_plugin_t*, vigie_error_t*) { return VIGIE_OK; }
void stop(const vigie_plugin_t*) {
  for (auto& thread : threads) thread.join();
  threads.clear();
}
void destroy(const vigie_plugin_t*) {}
const void* get_extension(const vigie_plugin_t*, const char* id) {
  return std::strcmp(id, VIGIE_EXT_NOTIFIER) == 0 ? &notifier : nullptr;
}
const vigie_plugin_t the_plugin{
    sizeof the_plugin, 0, &descriptor, nullptr, init, start, stop, destroy, get_extension};

const vigie_plugin_factory_t factory{
    sizeof factory, 0, [] { return 1U; },
    [](std::uint32_t index) { return index == 0 ? &descriptor : nullptr; },
    [](const vigie_host_t* host, vigie_str_t) {
      the_host = host;
      return &the_plugin;
    }};

}  // namespace

const vigie_plugin_entry_t vigie_plugin_entry{
    sizeof(vigie_plugin_entry_t), VIGIE_ABI_VERSION,
    [](vigie_str_t, vigie_error_t*) { return vigie_status_t{VIGIE_OK}; }, [] {},
    [](const char* id) {
      return std::strcmp(id, VIGIE_FACTORY_NOTIFIER) == 0 ? &factory : nullptr;
    }};
