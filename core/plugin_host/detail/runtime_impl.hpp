// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/random.hpp"
#include "plugin_host/detail/answers.hpp"
#include "plugin_host/runner.hpp"
#include "plugin_host/runtime.hpp"

namespace vigie::plugin_host {

/// All plugins behind one lock, and the keeper that takes ended runners away and starts again what
/// is due. No lock is held while a listener or an answer is called. Private to the module.
class runtime::impl {
 public:
  impl(runtime_options options, const clock& time, plugin_listener& listener);
  ~impl();
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  result<void> load(const plugin_setup& setup);
  result<void> release(const std::string& id);
  std::vector<plugin_status> status() const;
  std::optional<manifest> manifest_of(const std::string& id) const;
  std::optional<frame_wish> wish_of(const std::string& id) const;
  void attach(const std::string& id, camera_setup camera, answer_to<void> done);
  void detach(const std::string& id, const camera_id& camera, answer_to<void> done);
  bool offer_frame(const std::string& id, const camera_id& camera, picture frame);

  /// A call about an attached camera; `make` gets its handle.
  template <class Done, class Make>
  void about(const std::string& id, const camera_id& camera, Done done, Make make) {
    std::unique_lock lock{mutex_};
    auto* const one = find(id);
    if (one == nullptr || !one->runs) return refuse(lock, done, detail::not_running(id));
    const auto kept = one->cameras.find(camera);
    if (kept == one->cameras.end())
      return refuse(lock, done, {errc::not_found, camera.str() + " is not attached"});
    call what = make(kept->second.handle);
    // Remembered, so that a restart opens it again.
    if (std::holds_alternative<open_call>(what)) kept->second.is_open = true;
    if (std::holds_alternative<close_call>(what)) kept->second.is_open = false;
    if (!one->submit(std::move(what), detail::to_answer(done)))
      refuse(lock, done, detail::not_running(id));
  }

  template <class Done>
  void general(const std::string& id, Done done, call what) {
    std::unique_lock lock{mutex_};
    auto* const one = find(id);
    if (one == nullptr || !one->runs || !one->submit(std::move(what), detail::to_answer(done)))
      refuse(lock, done, detail::not_running(id));
  }

 private:
  struct camera_record {
    camera_setup setup;
    std::uint64_t handle = 0;
    bool is_open = false;
  };

  /// One plugin, and what its runner tells. Lives until the runtime is destroyed.
  struct plugin final : runner_events {
    plugin(impl& owner, plugin_setup given)
        : rt{owner}, setup{std::move(given)}, judge{owner.options_.supervision} {}

    /// False when the instance is gone; `done` is not called then.
    bool submit(call what, runner::answer_function done);

    void on_started(const start_report& report) override;
    void on_notice(notice said) override;
    void on_fault(fault f, std::uint64_t camera, const std::string& detail) override {
      rt.on_fault(*this, f, camera, detail);
    }
    void on_ended() override;

    std::optional<camera_id> camera_named(std::uint64_t handle);
    void hand_over(packet_notice& n);
    void hand_over(ended_notice& n);
    void hand_over(device_event_notice& n);
    void hand_over(detection_notice& n);
    void hand_over(report_notice& n) { rt.listener_.on_delivery_report(setup.id, n.report); }
    void hand_over(log_notice& n) { rt.listener_.on_log(setup.id, n.severity, n.text); }
    void hand_over(offence_notice&) {}

    impl& rt;
    const plugin_setup setup;
    manifest known;
    std::filesystem::path library;
    supervision judge;
    plugin_status status;
    std::optional<frame_wish> wish;
    std::unique_ptr<runner> runs;
    bool ended = false;               ///< the runner is through; the keeper takes it away
    bool decided = false;             ///< what comes after its end is decided
    std::optional<mono_ns> start_at;  ///< when it starts again
    std::map<camera_id, camera_record> cameras;
    std::map<std::uint64_t, camera_id> camera_of;
    std::uint64_t last_handle = 0;
    std::uint64_t last_frame = 0;
  };

  template <class Done>
  static void refuse(std::unique_lock<std::mutex>& lock, const Done& done, error why) {
    lock.unlock();
    if (done) done(tl::unexpected{std::move(why)});
  }

  // With the lock held unless said otherwise.
  plugin* find(const std::string& id);
  static plugin_status snapshot(const plugin& one);
  static attach_call attach_of(const camera_record& kept);
  void begin(plugin& one);
  void start_again(std::unique_lock<std::mutex>& lock, plugin& one);
  bool keep_one(std::unique_lock<std::mutex>& lock, plugin& one, std::optional<mono_ns>& next);
  void on_fault(plugin& one, fault f, std::uint64_t camera,
                const std::string& detail);  ///< without the lock
  void keep();                               ///< the keeper's thread

  const runtime_options options_;
  const clock& time_;
  plugin_listener& listener_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  seeded_random random_;
  bool stopping_ = false;
  std::map<std::string, std::unique_ptr<plugin>> plugins_;
  std::thread keeper_;
};

}  // namespace vigie::plugin_host
