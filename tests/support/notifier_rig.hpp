// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dlfcn.h>
#include <vigie/sdk.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace vigie::test {

inline vigie_str_t abi_text(std::string_view text) { return {text.data(), text.size()}; }

inline std::string plain_text(vigie_str_t text) {
  return text.data == nullptr ? std::string{} : std::string{text.data, text.length};
}

/// A notification of an intrusion, actual, confirmed by somebody on 21 November 2026.
inline vigie_notification_t sample_notification(std::string_view key, std::string_view recipient) {
  vigie_notification_t n{};
  n.size = sizeof n;
  n.status = VIGIE_NOTIFY_ACTUAL;
  n.key = abi_text(key);
  n.recipient = abi_text(recipient);
  n.incident = abi_text("INC-2026-0042");
  n.event = abi_text("intrusion");
  n.headline = abi_text("Intrusion au collège Hugo");
  n.description = abi_text("Deux individus franchissent la clôture côté gymnase");
  n.instruction = abi_text("Intervention demandée, accès par la rue des Lilas");
  n.commune_insee = abi_text("95018");
  n.place = abi_text("Collège Hugo, Argenteuil");
  n.camera = abi_text("cam-0001");
  n.operator_id = abi_text("op-7");
  n.at_utc_us = 1'795'281'240'000'000;  // 2026-11-21T17:14:00Z
  n.priority = 1;
  n.latitude_microdeg = 48'947'500;
  n.longitude_microdeg = 2'246'700;
  n.attempt = 1;
  return n;
}

/// The built library of a plugin.
inline std::string plugin_library(const std::string& name) {
  const char* bin = std::getenv("VIGIE_BIN");
  const std::filesystem::path build =
      bin != nullptr ? std::filesystem::path{bin}.parent_path()
                     : std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
  return (build / "plugins" / name / ("libvigie_" + name + ".so")).string();
}

/// A host of one notifier: opens a built plugin, leads it through its life, calls it over the ABI
/// and keeps what it reports. Calls come from the test's thread only.
class notifier_rig {
 public:
  struct report {
    std::int32_t outcome;
    std::string key, recipient, reference, text;
  };
  struct answer {
    vigie_status_t status;
    std::string error;
  };

  notifier_rig(const std::string& name, const std::string& id) {
    library_ = ::dlopen(plugin_library(name).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library_ == nullptr) throw std::runtime_error{::dlerror()};
    entry_ = static_cast<const vigie_plugin_entry_t*>(::dlsym(library_, "vigie_plugin_entry"));
    if (entry_ == nullptr) throw std::runtime_error{"no vigie_plugin_entry"};
    entry_->init(abi_text(plugin_library(name)), nullptr);
    const vigie_plugin_factory_t* factory = entry_->get_factory(VIGIE_FACTORY_NOTIFIER);
    if (factory == nullptr) throw std::runtime_error{"no notifier factory"};
    host_.size = sizeof host_;
    host_.abi = VIGIE_ABI_VERSION;
    host_.data = this;
    host_.name = abi_text("rig");
    host_.version = abi_text("0");
    host_.get_extension = &get_extension;
    delivery_.size = sizeof delivery_;
    delivery_.report = &on_report;
    plugin_ = factory->create(&host_, abi_text(id));
    if (plugin_ == nullptr) throw std::runtime_error{"not created: " + id};
  }
  ~notifier_rig() {
    if (is_started_) plugin_->stop(plugin_);
    if (plugin_ != nullptr) plugin_->destroy(plugin_);
    if (entry_ != nullptr) entry_->deinit();
  }
  notifier_rig(const notifier_rig&) = delete;
  notifier_rig& operator=(const notifier_rig&) = delete;

  answer init(const std::string& config) {
    return call([&](vigie_error_t* e) { return plugin_->init(plugin_, abi_text(config), e); });
  }
  answer start() {
    const answer started = call([&](vigie_error_t* e) { return plugin_->start(plugin_, e); });
    is_started_ = started.status == VIGIE_OK;
    return started;
  }
  /// init and start; throws what went wrong.
  void run(const std::string& config) {
    if (const answer a = init(config); a.status != VIGIE_OK) throw std::runtime_error{a.error};
    if (const answer a = start(); a.status != VIGIE_OK) throw std::runtime_error{a.error};
  }
  answer deliver(const vigie_notification_t& n) {
    return call([&](vigie_error_t* e) { return table()->deliver(plugin_, &n, e); });
  }
  answer probe(std::string_view recipient) {
    return call([&](vigie_error_t* e) { return table()->probe(plugin_, abi_text(recipient), e); });
  }

  std::vector<report> reports;

 private:
  template <class Call>
  static answer call(Call run) {
    vigie_error_t error{};
    error.size = sizeof error;
    const vigie_status_t status = run(&error);
    return {status, error.text};
  }
  const vigie_notifier_t* table() const {
    return static_cast<const vigie_notifier_t*>(
        plugin_->get_extension(plugin_, VIGIE_EXT_NOTIFIER));
  }
  static const void* get_extension(const vigie_host_t* host, const char* id) {
    if (std::strcmp(id, VIGIE_EXT_DELIVERY) != 0) return nullptr;
    return &static_cast<notifier_rig*>(host->data)->delivery_;
  }
  static vigie_status_t on_report(const vigie_host_t* host, const vigie_delivery_report_t* r) {
    static_cast<notifier_rig*>(host->data)
        ->reports.push_back({r->outcome, plain_text(r->key), plain_text(r->recipient),
                             plain_text(r->reference), plain_text(r->text)});
    return VIGIE_OK;
  }

  void* library_ = nullptr;  ///< never closed: a plugin that was started stays loaded
  const vigie_plugin_entry_t* entry_ = nullptr;
  const vigie_plugin_t* plugin_ = nullptr;
  vigie_host_t host_{};
  vigie_delivery_t delivery_{};
  bool is_started_ = false;
};

}  // namespace vigie::test
