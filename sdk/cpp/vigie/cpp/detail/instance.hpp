// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/cpp/plugin.hpp"

#include <new>
#include <set>
#include <utility>

#pragma GCC visibility push(hidden)
namespace vigie::sdk {

namespace detail {

class instance;

/// What the life cycle asks of one kind of plugin.
struct kind_calls {
  const void* (*table)(instance& self, std::string_view id);  // null: not a table of this kind
  void (*after_init)(instance& self);
  void (*detach)(instance& self, camera_handle camera, bool has_open_stream);
};

}  // namespace detail

/// One plugin of a library: what it says about itself and how an object of it is made.
struct offering {
  vigie_plugin_descriptor_t descriptor;
  const detail::kind_calls* kind;
  std::unique_ptr<plugin> (*make)();
};

namespace detail {

/// Stands between the function tables and one object of the plugin: life cycle, handles,
/// exceptions.
class instance {
 public:
  enum class stage : uint8_t { created = 1, initialised, started };

  instance(const offering& from, const vigie_host_t* host)
      : offering_(from), link_(std::make_shared<host_link>(host)) {
    abi_.size = sizeof(abi_);
    abi_.descriptor = &from.descriptor;
    abi_.data = this;
    abi_.init = [](const vigie_plugin* self, vigie_str_t config, vigie_error_t* error) {
      return call(self, error, stage::created, [&](instance& i) { i.init(config); });
    };
    abi_.start = [](const vigie_plugin* self, vigie_error_t* error) {
      return call(self, error, stage::initialised, [](instance& i) { i.start(); });
    };
    abi_.stop = [](const vigie_plugin* self) { of(self).stop(); };
    abi_.destroy = [](const vigie_plugin* self) { of(self).destroy(); };
    abi_.get_extension = [](const vigie_plugin* self, const char* id) {
      return of(self).extension(id);
    };
  }

  static instance& of(const vigie_plugin* plugin) { return *static_cast<instance*>(plugin->data); }
  [[nodiscard]] const vigie_plugin_t* abi() const noexcept { return &abi_; }
  [[nodiscard]] plugin& object() noexcept { return *object_; }
  template <class Kind>
  [[nodiscard]] Kind& object_as() noexcept {
    return static_cast<Kind&>(*object_);
  }

  /// Runs one call of the host: in the right stage, alone, and with no exception leaving.
  template <class Body>
  static vigie_status_t call(const vigie_plugin* plugin, vigie_error_t* error, stage required,
                             Body body) noexcept {
    auto& self = of(plugin);
    if (self.is_busy_.exchange(true))
      return fail(error, status::state, "two calls to one instance at the same time");
    const auto result = guarded(error, [&] {
      if (self.stage_ != required) throw failure(status::state, self.wrong_stage(required));
      body(self);
    });
    self.is_busy_ = false;
    return result;
  }

  /// The same for a call that cannot fail; what the plugin throws is logged.
  template <class Body>
  static void quiet_call(const vigie_plugin* plugin, Body body) noexcept {
    vigie_error_t error{};
    error.size = sizeof(error);
    if (call(plugin, &error, stage::started, body) != VIGIE_OK)
      of(plugin).link_->log(severity::error, error.text);
  }

  template <class Body>
  static vigie_status_t guarded(vigie_error_t* error, Body body) noexcept {
    try {
      body();
      return VIGIE_OK;
    } catch (const failure& thrown) {
      return fail(error, thrown.code() == status::ok ? status::internal : thrown.code(),
                  thrown.what());
    } catch (const std::bad_alloc&) {
      return fail(error, status::internal, "out of memory");
    } catch (const std::exception& thrown) {
      return fail(error, status::internal, thrown.what());
    } catch (...) {
      return fail(error, status::internal, "an exception that is no std::exception");
    }
  }

  // -- handles --------------------------------------------------------------

  void check_new(camera_handle camera) const {
    if (camera == 0) throw failure(status::invalid, "camera handle 0");
    if (cameras_.contains(camera)) throw failure(status::invalid, "camera attached twice");
  }
  void check(camera_handle camera) const {
    if (!cameras_.contains(camera)) throw failure(status::not_found, "camera not attached");
  }
  [[nodiscard]] bool has(camera_handle camera) const { return cameras_.contains(camera); }
  void added(camera_handle camera) { cameras_.insert(camera); }
  [[nodiscard]] bool has_stream(camera_handle camera) const { return streams_.contains(camera); }
  void stream_opened(camera_handle camera) { streams_.insert(camera); }
  void stream_closed(camera_handle camera) { streams_.erase(camera); }

  void detach(camera_handle camera) {
    if (cameras_.erase(camera) == 0) return;
    const bool has_open_stream = streams_.erase(camera) > 0;
    offering_.kind->detach(*this, camera, has_open_stream);
  }

  /// The analytics table says what the object wishes, so each instance has its own.
  vigie_analytics_t analytics{};

 private:
  void init(vigie_str_t config) {
    if (std::exchange(was_initialised_, true)) throw failure(status::state, "init a second time");
    link_->open();
    try {
      object_ = offering_.make();
      object_->host_ = link_;
      object_->init(view(config));
      offering_.kind->after_init(*this);
    } catch (...) {
      object_.reset();
      close_link();
      throw;
    }
    close_link();
    stage_ = stage::initialised;
  }

  void start() {
    link_->open();
    try {
      object_->start();
    } catch (...) {
      close_link();
      throw;
    }
    stage_ = stage::started;
  }

  void stop() noexcept {
    if (stage_ != stage::started) return;
    const auto logged = [this](auto body) {
      vigie_error_t error{};
      error.size = sizeof(error);
      if (guarded(&error, body) != VIGIE_OK) link_->log(severity::error, error.text);
    };
    while (!cameras_.empty()) logged([this] { detach(*cameras_.begin()); });
    logged([this] { object_->stop(); });
    close_link();
    stage_ = stage::initialised;
  }

  void destroy() noexcept {
    stop();
    guarded(nullptr, [this] { object_.reset(); });
    delete this;
  }

  const void* extension(const char* id) noexcept {
    if (id == nullptr || stage_ == stage::created) return nullptr;
    const void* found = nullptr;
    guarded(nullptr, [&] {
      found = offering_.kind->table(*this, id);
      if (found == nullptr) found = object_->extension(id);
    });
    return found;
  }

  void close_link() noexcept {
    if (link_->release_all() > 0)
      link_->log(severity::plugin_misbehaving, "frames were still retained at stop");
    link_->close();
  }

  [[nodiscard]] std::string wrong_stage(stage required) const {
    const auto name = [](stage which) {
      return which == stage::created ? "created" : which == stage::started ? "started" : "stopped";
    };
    return std::string("the instance is ") + name(stage_) + ", the call is for one that is " +
           name(required);
  }

  vigie_plugin_t abi_{};
  const offering& offering_;
  std::shared_ptr<host_link> link_;
  std::unique_ptr<plugin> object_;
  std::atomic<stage> stage_ = stage::created;  // get_extension reads it from any thread
  std::atomic<bool> is_busy_ = false;
  bool was_initialised_ = false;
  std::set<camera_handle> cameras_;
  std::set<camera_handle> streams_;
};

}  // namespace detail
}  // namespace vigie::sdk
#pragma GCC visibility pop
