// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/cpp/base.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#pragma GCC visibility push(hidden)
namespace vigie::sdk {

enum class severity : int32_t {
  debug = VIGIE_LOG_DEBUG,
  info = VIGIE_LOG_INFO,
  warning = VIGIE_LOG_WARNING,
  error = VIGIE_LOG_ERROR,
  host_misbehaving = VIGIE_LOG_HOST_MISBEHAVING,
  plugin_misbehaving = VIGIE_LOG_PLUGIN_MISBEHAVING,
};

namespace detail {

/// One instance's way to the host. Open from init to the return of init and from start to the
/// return of stop; outside of these every call is answered here with VIGIE_E_STATE.
class host_link {
 public:
  explicit host_link(const vigie_host_t* host) : host_(host) {}

  void open() noexcept { is_open_ = true; }
  void close() noexcept { is_open_ = false; }
  [[nodiscard]] bool is_open() const noexcept { return is_open_; }
  [[nodiscard]] const vigie_host_t* raw() const noexcept { return host_; }

  /// The host's table of that id, null when it has none.
  template <class Table>
  [[nodiscard]] const Table* table(const char* id) const noexcept {
    if (!is_open_ || !VIGIE_HAS(host_, vigie_host_t, get_extension)) return nullptr;
    return static_cast<const Table*>(host_->get_extension(host_, id));
  }

  /// A copy of that table; a function the host does not have is null.
  template <class Table>
  [[nodiscard]] Table functions(const char* id) const noexcept {
    Table copy{};
    if (const auto* found = table<Table>(id))
      std::memcpy(static_cast<void*>(&copy), found, std::min<size_t>(found->size, sizeof(Table)));
    return copy;
  }

  /// What a call says whose function is missing.
  [[nodiscard]] status missing() const noexcept {
    return is_open_ ? status::unsupported : status::state;
  }

  void log(severity level, std::string_view text) const noexcept {
    const auto to = functions<vigie_log_t>(VIGIE_EXT_LOG);
    if (to.write != nullptr) to.write(host_, static_cast<int32_t>(level), str(text));
  }

  bool retain(const vigie_frame_t* frame) {
    const auto frames = functions<vigie_frames_t>(VIGIE_EXT_FRAMES);
    if (frames.retain == nullptr || frames.release == nullptr) return false;
    std::scoped_lock lock(mutex_);
    retained_.reserve(retained_.size() + 1);
    if (frames.retain(host_, frame) != VIGIE_OK) return false;
    retained_.push_back(frame);
    return true;
  }

  void release(const vigie_frame_t* frame) noexcept {
    {
      std::scoped_lock lock(mutex_);
      const auto found = std::find(retained_.begin(), retained_.end(), frame);
      if (found == retained_.end()) return;
      retained_.erase(found);
    }
    const auto frames = functions<vigie_frames_t>(VIGIE_EXT_FRAMES);
    if (frames.release != nullptr) frames.release(host_, frame);
  }

  /// Gives back what the plugin forgot; returns how many.
  size_t release_all() noexcept {
    std::vector<const vigie_frame_t*> left;
    {
      std::scoped_lock lock(mutex_);
      left.swap(retained_);
    }
    const auto frames = functions<vigie_frames_t>(VIGIE_EXT_FRAMES);
    for (const auto* frame : left)
      if (frames.release != nullptr) frames.release(host_, frame);
    return left.size();
  }

 private:
  const vigie_host_t* host_;
  std::atomic<bool> is_open_ = false;
  std::mutex mutex_;  // guards retained_: a plugin's threads may release at any time
  std::vector<const vigie_frame_t*> retained_;
};

class instance;

}  // namespace detail

/// What the three kinds of plugin have in common. Objects are made just before init and destroyed
/// with the instance; the constructor has no host. Every function may throw.
class plugin {
 public:
  plugin() = default;
  plugin(const plugin&) = delete;
  plugin& operator=(const plugin&) = delete;
  virtual ~plugin() = default;

  /// Takes the configuration, a JSON object as text ("{}" when there is none). [control &
  /// created]
  virtual void init(std::string_view /*config_json*/) {}
  /// From here on the plugin may have threads. [control & initialised]
  virtual void start() {}
  /// Joins every thread. Cameras were detached just before. [control & started]
  virtual void stop() {}
  /// A table beyond those this layer offers, by its id; null: not supported. It lives as long as
  /// the object. [any-thread & initialised]
  virtual const void* extension(std::string_view /*id*/) { return nullptr; }

 protected:
  /// Writes a line to the centre's log; no secret in it. Silent outside init and start..stop.
  /// [any-thread]
  void log(severity level, std::string_view text) const noexcept {
    if (host_) host_->log(level, text);
  }

  /// A table of the host by id, for extensions this layer has no function for. Null: not there,
  /// or not now. [any-thread]
  template <class Table>
  [[nodiscard]] const Table* host_extension(const char* id) const noexcept {
    return host_ ? host_->table<Table>(id) : nullptr;
  }

  /// What the functions of such a table take first.
  [[nodiscard]] const vigie_host_t* host() const noexcept { return host_ ? host_->raw() : nullptr; }

 private:
  friend class detail::instance;
  friend class protocol_plugin;
  friend class analytics_plugin;
  friend class notifier_plugin;

  template <class Table>
  [[nodiscard]] Table functions(const char* id) const noexcept {
    return host_ ? host_->functions<Table>(id) : Table{};
  }
  [[nodiscard]] status missing() const noexcept { return host_ ? host_->missing() : status::state; }

  std::shared_ptr<detail::host_link> host_;
};

/// The folder of the plugin's library, where files it brings along are. Set before any object is
/// made. [any-thread]
inline std::string& library_folder() {
  static std::string folder;
  return folder;
}

}  // namespace vigie::sdk
#pragma GCC visibility pop
