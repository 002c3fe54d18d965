// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/runtime.hpp"

#include <vigie/types.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "plugin_host/runner.hpp"
#include "plugin_host/screen.hpp"

namespace vigie::plugin_host {
namespace {

errc code_of(std::int32_t status) noexcept {
  switch (status) {
    case VIGIE_E_NOT_FOUND:
      return errc::not_found;
    case VIGIE_E_DENIED:
      return errc::access_denied;
    case VIGIE_E_AUTH:
      return errc::auth_rejected;
    case VIGIE_E_IO:
      return errc::io_failed;
    case VIGIE_E_TIMEOUT:
      return errc::child_timeout;
    case VIGIE_E_INVALID:
      return errc::config_invalid;
    default:
      return errc::child_failed;
  }
}

error error_of(const answer& said) {
  return {code_of(said.status), said.text.empty()
                                    ? "the plugin answered " + std::to_string(said.status)
                                    : printable(said.text, 300)};
}

error not_running(const std::string& plugin) {
  return {errc::child_failed, "plugin " + plugin + " is not running"};
}

runner::answer_function to_answer(runtime::answer_to<void> done) {
  return [done = std::move(done)](answer said) {
    if (!done) return;
    if (said.status != VIGIE_OK) return done(tl::unexpected{error_of(said)});
    done({});
  };
}

template <class T>
runner::answer_function to_answer(runtime::answer_to<T> done) {
  return [done = std::move(done)](answer said) {
    if (!done) return;
    if (said.status != VIGIE_OK) return done(tl::unexpected{error_of(said)});
    auto* const value = std::get_if<T>(&said.value);
    if (value == nullptr) return done(fail(errc::child_failed, "an answer without its value"));
    done(std::move(*value));
  };
}

}  // namespace

std::string_view name_of(plugin_state state) noexcept {
  switch (state) {
    case plugin_state::starting:
      return "starting";
    case plugin_state::running:
      return "running";
    case plugin_state::waiting:
      return "waiting";
    case plugin_state::quarantined:
      return "quarantined";
    case plugin_state::refused:
      return "refused";
    case plugin_state::stopped:
      return "stopped";
  }
  return "unknown";
}

class runtime::impl {
 public:
  impl(runtime_options options, const clock& time, plugin_listener& listener)
      : options_{std::move(options)}, time_{time}, listener_{listener}, random_{options_.seed} {
    keeper_ = std::thread{[this] { keep(); }};
  }

  ~impl() {
    {
      std::lock_guard lock{mutex_};
      stopping_ = true;
      for (auto& [id, one] : plugins_)
        if (one->runs) one->runs->stop();  // all at once, then one wait each
      changed_.notify_all();
    }
    keeper_.join();
    for (auto& [id, one] : plugins_) one->runs.reset();
  }

  result<void> load(const plugin_setup& setup) {
    auto known = read_manifest(setup.folder);
    if (known && known->id != setup.id)
      known = fail(errc::config_invalid, "the manifest is of plugin " + known->id);
    result<std::filesystem::path> library =
        known ? check_library(setup.folder, *known) : tl::unexpected{known.error()};
    if (library && known->abi_major != 1)
      library = fail(errc::config_invalid,
                     "ABI " + std::to_string(known->abi_major) + " is not this host's");
    std::unique_lock lock{mutex_};
    if (stopping_) return fail(errc::child_failed, "the runtime stops");
    if (plugins_.contains(setup.id))
      return fail(errc::config_invalid, "plugin " + setup.id + " is loaded twice");
    auto made = std::make_unique<plugin>(*this, setup);
    auto& one = *made;
    plugins_.emplace(setup.id, std::move(made));
    one.status.id = setup.id;
    one.status.isolation = setup.isolation;
    if (!library) {
      one.status.state = plugin_state::refused;
      one.status.detail = library.error().detail;
      ++one.status.faults;
      const auto status = one.status;
      lock.unlock();
      listener_.on_fault({setup.id, fault::refused_manifest, library.error().detail, {}});
      listener_.on_state(status);
      return tl::unexpected{library.error()};
    }
    one.known = std::move(*known);
    one.library = *library;
    one.status.version = one.known.version;
    one.status.kind = one.known.kind;
    begin(one);
    return {};
  }

  result<void> release(const std::string& id) {
    std::lock_guard lock{mutex_};
    const auto found = plugins_.find(id);
    if (found == plugins_.end()) return fail(errc::not_found, "no plugin " + id);
    auto& one = *found->second;
    one.judge.release();
    if (one.status.state == plugin_state::quarantined ||
        one.status.state == plugin_state::waiting) {
      one.start_at = time_.mono();
      changed_.notify_all();
    }
    return {};
  }

  std::vector<plugin_status> status() const {
    std::lock_guard lock{mutex_};
    std::vector<plugin_status> all;
    for (const auto& [id, one] : plugins_) all.push_back(snapshot(*one));
    return all;
  }

  std::optional<manifest> manifest_of(const std::string& id) const {
    std::lock_guard lock{mutex_};
    const auto found = plugins_.find(id);
    if (found == plugins_.end() || found->second->known.id.empty()) return std::nullopt;
    return found->second->known;
  }

  std::optional<frame_wish> wish_of(const std::string& id) const {
    std::lock_guard lock{mutex_};
    const auto found = plugins_.find(id);
    return found == plugins_.end() ? std::nullopt : found->second->wish;
  }

  void attach(const std::string& id, camera_setup camera, answer_to<void> done) {
    std::unique_lock lock{mutex_};
    auto* const one = find(id);
    if (one == nullptr) return refuse(lock, done, not_running(id));
    auto& kept = one->cameras[camera.camera];
    if (kept.handle != 0 && one->runs) one->submit(detach_call{kept.handle}, nullptr);
    one->camera_of.erase(kept.handle);
    kept = {std::move(camera), ++one->last_handle, false};
    one->camera_of[kept.handle] = kept.setup.camera;
    if (!one->runs) return refuse(lock, done, not_running(id));
    if (!one->submit(attach_of(kept), to_answer(done))) refuse(lock, done, not_running(id));
  }

  void detach(const std::string& id, const camera_id& camera, answer_to<void> done) {
    std::unique_lock lock{mutex_};
    auto* const one = find(id);
    const auto kept = one == nullptr ? decltype(one->cameras.end()){} : one->cameras.find(camera);
    if (one == nullptr || kept == one->cameras.end())
      return refuse(lock, done, {errc::not_found, "not attached"});
    const auto handle = kept->second.handle;
    one->cameras.erase(kept);
    one->camera_of.erase(handle);
    if (!one->runs) {
      lock.unlock();
      if (done) done({});
      return;
    }
    if (!one->submit(detach_call{handle}, to_answer(done))) refuse(lock, done, not_running(id));
  }

  /// A call about an attached camera; `make` gets its handle.
  template <class Done, class Make>
  void about(const std::string& id, const camera_id& camera, Done done, Make make) {
    std::unique_lock lock{mutex_};
    auto* const one = find(id);
    if (one == nullptr || !one->runs) return refuse(lock, done, not_running(id));
    const auto kept = one->cameras.find(camera);
    if (kept == one->cameras.end())
      return refuse(lock, done, {errc::not_found, camera.str() + " is not attached"});
    call what = make(kept->second.handle);
    // Remembered, so that a restart opens it again.
    if (std::holds_alternative<open_call>(what)) kept->second.is_open = true;
    if (std::holds_alternative<close_call>(what)) kept->second.is_open = false;
    if (!one->submit(std::move(what), to_answer(done))) refuse(lock, done, not_running(id));
  }

  template <class Done>
  void general(const std::string& id, Done done, call what) {
    std::unique_lock lock{mutex_};
    auto* const one = find(id);
    if (one == nullptr || !one->runs) return refuse(lock, done, not_running(id));
    if (!one->submit(std::move(what), to_answer(done))) refuse(lock, done, not_running(id));
  }

  bool offer_frame(const std::string& id, const camera_id& camera, picture frame) {
    std::lock_guard lock{mutex_};
    auto* const one = find(id);
    if (one == nullptr) return false;
    ++one->status.frames_offered;
    const auto kept = one->cameras.find(camera);
    const bool fits =
        frame.pixels.size() == picture_bytes(frame.pixel_format, frame.width, frame.height) &&
        !frame.pixels.empty();
    const bool taken =
        one->runs && kept != one->cameras.end() && fits &&
        one->status.state == plugin_state::running &&
        one->runs->offer({kept->second.handle, ++one->last_frame, std::move(frame)},
                         [this, one](const answer& said) {
                           if (said.status == VIGIE_OK) return;
                           std::lock_guard again{mutex_};
                           ++(said.status == VIGIE_E_BUSY ? one->status.frames_dropped
                                                          : one->status.late_or_failed_calls);
                         });
    if (!taken) ++one->status.frames_dropped;
    return taken;
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
    bool submit(call what, runner::answer_function done) {
      ++status.calls;
      return runs->submit(std::move(what), [this, done = std::move(done)](answer said) {
        if (said.status != VIGIE_OK) {
          std::lock_guard lock{rt.mutex_};
          ++status.late_or_failed_calls;
        }
        if (done) done(std::move(said));
      });
    }

    void on_started(const start_report& report) override {
      std::unique_lock lock{rt.mutex_};
      if (decided) return;
      status.state = plugin_state::running;
      status.detail.clear();
      wish.reset();
      if (report.has_wish)
        wish = frame_wish{report.pixel_format, report.width, report.height,
                          std::chrono::milliseconds{report.interval_ms}};
      const auto now = rt.snapshot(*this);
      lock.unlock();
      rt.listener_.on_state(now);
    }
    void on_notice(notice said) override {
      std::visit([this](auto& one) { hand_over(one); }, said);
    }
    void on_fault(fault f, std::uint64_t camera, const std::string& detail) override {
      rt.on_fault(*this, f, camera, detail);
    }
    void on_ended() override {
      std::lock_guard lock{rt.mutex_};
      ended = true;
      rt.changed_.notify_all();
    }

    std::optional<camera_id> camera_named(std::uint64_t handle) {
      std::lock_guard lock{rt.mutex_};
      const auto found = camera_of.find(handle);
      return found == camera_of.end() ? std::nullopt : std::optional{found->second};
    }
    void hand_over(packet_notice& n) {
      if (const auto camera = camera_named(n.camera))
        rt.listener_.on_packet(setup.id, *camera, std::move(n.packet));
    }
    void hand_over(ended_notice& n) {
      const auto camera = camera_named(n.camera);
      if (!camera) return;
      {
        std::lock_guard lock{rt.mutex_};
        if (const auto kept = cameras.find(*camera); kept != cameras.end())
          kept->second.is_open = false;
      }
      rt.listener_.on_stream_ended(setup.id, *camera, n.why, n.text);
    }
    void hand_over(device_event_notice& n) {
      if (const auto camera = camera_named(n.camera))
        rt.listener_.on_device_event(setup.id, *camera, n.event);
    }
    void hand_over(detection_notice& n) {
      if (const auto camera = camera_named(n.camera))
        rt.listener_.on_detection(setup.id, *camera, n.detection);
    }
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

  // All below with the lock held unless said otherwise.

  plugin* find(const std::string& id) {
    const auto found = plugins_.find(id);
    return found == plugins_.end() || found->second->ended ? nullptr : found->second.get();
  }

  template <class Done>
  static void refuse(std::unique_lock<std::mutex>& lock, const Done& done, error why) {
    lock.unlock();
    if (done) done(tl::unexpected{std::move(why)});
  }

  static plugin_status snapshot(const plugin& one) {
    auto status = one.status;
    status.cameras = one.cameras.size();
    if (one.runs) {
      status.process = one.runs->process();
      status.missing_protection = one.runs->missing_protection();
    }
    return status;
  }

  static attach_call attach_of(const camera_record& kept) {
    const auto& s = kept.setup;
    return {kept.handle, s.camera.str(),      s.address,
            s.username,  s.password.reveal(), s.options_json};
  }

  void begin(plugin& one) {
    runner_setup setup;
    setup.order = {one.library.string(),
                   one.known.id,
                   static_cast<std::uint8_t>(one.known.kind),
                   one.known.events,
                   one.setup.config_json,
                   !one.known.network.empty(),
                   {}};
    for (const auto& file : one.known.files) setup.order.files.push_back(file.string());
    setup.deadlines = options_.deadlines;
    setup.host_program = options_.host_program;
    setup.network = one.known.network;
    setup.recipient_hosts = one.setup.recipient_hosts;
    one.start_at.reset();
    one.ended = one.decided = false;
    one.status.state = plugin_state::starting;
    ++one.status.starts;
    one.runs = one.setup.isolation == isolation::child
                   ? make_child_runner(std::move(setup), time_, one)
                   : make_in_process_runner(std::move(setup), time_, one);
    for (auto& [id, kept] : one.cameras) {
      // A new instance, new handles: a late word of the old one is about nobody.
      one.camera_of.erase(kept.handle);
      kept.handle = ++one.last_handle;
      one.camera_of[kept.handle] = id;
      one.submit(attach_of(kept), nullptr);
      if (kept.is_open) one.submit(open_call{kept.handle}, nullptr);
    }
  }

  /// Without the lock.
  void on_fault(plugin& one, fault f, std::uint64_t camera, const std::string& detail) {
    std::optional<camera_id> about;
    std::unique_lock lock{mutex_};
    if (const auto found = one.camera_of.find(camera); found != one.camera_of.end())
      about = found->second;
    ++one.status.faults;
    one.status.detail = std::string{name_of(f)} + ": " + detail;
    if (!stopping_ && !one.decided) {
      const auto decision = one.judge.on_fault(f, time_.mono(), random_);
      if (decision.remedy != remedy::keep) {
        one.decided = true;
        one.start_at = decision.at;
        one.status.state =
            decision.remedy == remedy::restart ? plugin_state::waiting : plugin_state::quarantined;
        if (one.runs) one.runs->stop();
      }
    }
    const auto now = snapshot(one);
    lock.unlock();
    listener_.on_fault({one.setup.id, f, detail, about});
    if (now.state != plugin_state::running) listener_.on_state(now);
  }

  /// The keeper's thread: takes ended runners away and starts again what is due.
  void keep() {
    std::unique_lock lock{mutex_};
    while (!stopping_) {
      std::optional<mono_ns> next;
      for (auto& [id, one] : plugins_) {
        if (one->ended && one->runs) {
          if (!one->decided) {
            // It ended without a fault and unasked: that is one, too.
            one->start_at = one->judge.on_fault(fault::crashed, time_.mono(), random_).at;
            one->status.state = plugin_state::waiting;
          }
          auto gone = std::move(one->runs);
          lock.unlock();
          gone.reset();
          lock.lock();
          next = time_.mono();
          break;  // the map may have changed
        }
        if (one->runs || !one->start_at) continue;
        if (*one->start_at <= time_.mono()) {
          begin(*one);
          next = time_.mono();
          break;
        }
        next = next ? std::min(*next, *one->start_at) : *one->start_at;
      }
      if (stopping_) return;
      if (!next)
        changed_.wait(lock);
      else if (const auto left = *next - time_.mono(); left > 0)
        changed_.wait_for(lock, std::chrono::nanoseconds{left});
    }
  }

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

// -- the facade ---------------------------------------------------------------------------------

runtime::runtime(runtime_options options, const clock& time, plugin_listener& listener)
    : impl_{std::make_unique<impl>(std::move(options), time, listener)} {}
runtime::~runtime() = default;

result<void> runtime::load(const plugin_setup& setup) { return impl_->load(setup); }
result<void> runtime::release(const std::string& plugin) { return impl_->release(plugin); }
std::vector<plugin_status> runtime::status() const { return impl_->status(); }
std::optional<manifest> runtime::manifest_of(const std::string& plugin) const {
  return impl_->manifest_of(plugin);
}
std::optional<frame_wish> runtime::wish_of(const std::string& plugin) const {
  return impl_->wish_of(plugin);
}

void runtime::attach(const std::string& plugin, camera_setup camera, answer_to<void> done) {
  impl_->attach(plugin, std::move(camera), std::move(done));
}
void runtime::detach(const std::string& plugin, const camera_id& camera, answer_to<void> done) {
  impl_->detach(plugin, camera, std::move(done));
}

void runtime::discover(const std::string& plugin, std::chrono::milliseconds budget,
                       answer_to<std::vector<discovered_device>> done) {
  impl_->general(plugin, std::move(done),
                 discover_call{static_cast<std::uint32_t>(budget.count())});
}
void runtime::resolve_stream(const std::string& plugin, const camera_id& camera,
                             answer_to<stream_place> done) {
  answer_to<stream_place> checked = [done = std::move(done)](result<stream_place> place) {
    if (place && !place->is_pushed && !is_stream_url(place->url))
      place = fail(errc::child_failed, "the plugin gave a stream that is no stream");
    if (done) done(std::move(place));
  };
  impl_->about(plugin, camera, std::move(checked),
               [](auto handle) { return resolve_call{handle}; });
}
void runtime::open_stream(const std::string& plugin, const camera_id& camera,
                          answer_to<void> done) {
  impl_->about(plugin, camera, std::move(done), [](auto handle) { return open_call{handle}; });
}
void runtime::close_stream(const std::string& plugin, const camera_id& camera,
                           answer_to<void> done) {
  impl_->about(plugin, camera, std::move(done), [](auto handle) { return close_call{handle}; });
}
void runtime::describe_device(const std::string& plugin, const camera_id& camera,
                              answer_to<device_facts> done) {
  impl_->about(plugin, camera, std::move(done), [](auto handle) { return describe_call{handle}; });
}
void runtime::ask_clock(const std::string& plugin, const camera_id& camera,
                        answer_to<utc_us> done) {
  impl_->about(plugin, camera, std::move(done), [](auto handle) { return clock_call{handle}; });
}
void runtime::ptz_move(const std::string& plugin, const camera_id& camera, double pan, double tilt,
                       double zoom, std::chrono::milliseconds timeout, answer_to<void> done) {
  impl_->about(plugin, camera, std::move(done), [&](auto handle) {
    return ptz_move_call{handle, pan, tilt, zoom, static_cast<std::uint32_t>(timeout.count())};
  });
}
void runtime::ptz_stop(const std::string& plugin, const camera_id& camera, answer_to<void> done) {
  impl_->about(plugin, camera, std::move(done), [](auto handle) { return ptz_stop_call{handle}; });
}
void runtime::ptz_presets(const std::string& plugin, const camera_id& camera,
                          answer_to<std::vector<ptz_preset>> done) {
  impl_->about(plugin, camera, std::move(done),
               [](auto handle) { return ptz_presets_call{handle}; });
}
void runtime::ptz_go_to(const std::string& plugin, const camera_id& camera, std::string token,
                        answer_to<void> done) {
  impl_->about(plugin, camera, std::move(done), [&](auto handle) {
    return ptz_go_to_call{handle, std::move(token)};
  });
}
void runtime::list_masks(const std::string& plugin, const camera_id& camera,
                         answer_to<std::vector<privacy_mask>> done) {
  impl_->about(plugin, camera, std::move(done),
               [](auto handle) { return list_masks_call{handle}; });
}
void runtime::set_mask(const std::string& plugin, const camera_id& camera, privacy_mask mask,
                       answer_to<privacy_mask> done) {
  impl_->about(plugin, camera, std::move(done), [&](auto handle) {
    return set_mask_call{handle, std::move(mask)};
  });
}

bool runtime::offer_frame(const std::string& plugin, const camera_id& camera, picture frame) {
  return impl_->offer_frame(plugin, camera, std::move(frame));
}

void runtime::deliver(const std::string& plugin, notification what, answer_to<void> done) {
  impl_->general(plugin, std::move(done), deliver_call{std::move(what)});
}
void runtime::probe(const std::string& plugin, std::string recipient, answer_to<void> done) {
  impl_->general(plugin, std::move(done), probe_call{std::move(recipient)});
}

}  // namespace vigie::plugin_host
