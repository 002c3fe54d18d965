// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/detail/runtime_impl.hpp"

#include <algorithm>

namespace vigie::plugin_host {

using detail::not_running;
using detail::to_answer;

runtime::impl::impl(runtime_options options, const clock& time, plugin_listener& listener)
    : options_{std::move(options)}, time_{time}, listener_{listener}, random_{options_.seed} {
  keeper_ = std::thread{[this] { keep(); }};
}

runtime::impl::~impl() {
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

result<void> runtime::impl::load(const plugin_setup& setup) {
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

result<void> runtime::impl::release(const std::string& id) {
  std::lock_guard lock{mutex_};
  const auto found = plugins_.find(id);
  if (found == plugins_.end()) return fail(errc::not_found, "no plugin " + id);
  auto& one = *found->second;
  one.judge.release();
  if (one.status.state == plugin_state::quarantined || one.status.state == plugin_state::waiting) {
    one.start_at = time_.mono();
    changed_.notify_all();
  }
  return {};
}

std::vector<plugin_status> runtime::impl::status() const {
  std::lock_guard lock{mutex_};
  std::vector<plugin_status> all;
  for (const auto& [id, one] : plugins_) all.push_back(snapshot(*one));
  return all;
}

std::optional<manifest> runtime::impl::manifest_of(const std::string& id) const {
  std::lock_guard lock{mutex_};
  const auto found = plugins_.find(id);
  if (found == plugins_.end() || found->second->known.id.empty()) return std::nullopt;
  return found->second->known;
}

std::optional<frame_wish> runtime::impl::wish_of(const std::string& id) const {
  std::lock_guard lock{mutex_};
  const auto found = plugins_.find(id);
  return found == plugins_.end() ? std::nullopt : found->second->wish;
}

void runtime::impl::attach(const std::string& id, camera_setup camera, answer_to<void> done) {
  std::unique_lock lock{mutex_};
  auto* const one = find(id);
  if (one == nullptr) return refuse(lock, done, not_running(id));
  auto& kept = one->cameras[camera.camera];
  if (kept.handle != 0 && one->runs) one->submit(detach_call{kept.handle}, nullptr);
  one->camera_of.erase(kept.handle);
  kept = {std::move(camera), ++one->last_handle, false};
  one->camera_of[kept.handle] = kept.setup.camera;
  if (!one->runs || !one->submit(attach_of(kept), to_answer(done)))
    refuse(lock, done, not_running(id));
}

void runtime::impl::detach(const std::string& id, const camera_id& camera, answer_to<void> done) {
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

bool runtime::impl::offer_frame(const std::string& id, const camera_id& camera, picture frame) {
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

// -- life ---------------------------------------------------------------------------------------

runtime::impl::plugin* runtime::impl::find(const std::string& id) {
  const auto found = plugins_.find(id);
  return found == plugins_.end() || found->second->ended ? nullptr : found->second.get();
}

plugin_status runtime::impl::snapshot(const plugin& one) {
  auto status = one.status;
  status.cameras = one.cameras.size();
  if (one.runs) {
    status.process = one.runs->process();
    status.missing_protection = one.runs->missing_protection();
  }
  return status;
}

attach_call runtime::impl::attach_of(const camera_record& kept) {
  const auto& s = kept.setup;
  return {kept.handle, s.camera.str(), s.address, s.username, s.password.reveal(), s.options_json};
}

void runtime::impl::begin(plugin& one) {
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

void runtime::impl::on_fault(plugin& one, fault f, std::uint64_t camera,
                             const std::string& detail) {
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

/// The file may have been replaced since it was loaded: what starts again is what was promised.
void runtime::impl::start_again(std::unique_lock<std::mutex>& lock, plugin& one) {
  const auto library = check_library(one.setup.folder, one.known);
  if (library) return begin(one);
  one.start_at.reset();
  one.status.state = plugin_state::refused;
  one.status.detail = library.error().detail;
  ++one.status.faults;
  const auto status = snapshot(one);
  lock.unlock();
  listener_.on_fault({one.setup.id, fault::refused_manifest, library.error().detail, {}});
  listener_.on_state(status);
  lock.lock();
}

/// Takes an ended runner away or starts a plugin that is due. True: the lock was let go or the
/// plugin changed, look at all of them again.
bool runtime::impl::keep_one(std::unique_lock<std::mutex>& lock, plugin& one,
                             std::optional<mono_ns>& next) {
  if (one.ended && one.runs) {
    if (!one.decided) {
      // It ended without a fault and unasked: that is one, too.
      one.start_at = one.judge.on_fault(fault::crashed, time_.mono(), random_).at;
      one.status.state = plugin_state::waiting;
    }
    auto gone = std::move(one.runs);
    lock.unlock();
    gone.reset();
    lock.lock();
    return true;
  }
  if (one.runs || !one.start_at) return false;
  if (*one.start_at <= time_.mono()) {
    start_again(lock, one);
    return true;
  }
  next = next ? std::min(*next, *one.start_at) : *one.start_at;
  return false;
}

void runtime::impl::keep() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    std::optional<mono_ns> next;
    const bool changed = std::any_of(plugins_.begin(), plugins_.end(), [&](auto& each) {
      return keep_one(lock, *each.second, next);
    });
    if (changed) continue;
    if (!next)
      changed_.wait(lock);
    else if (const auto left = *next - time_.mono(); left > 0)
      changed_.wait_for(lock, std::chrono::nanoseconds{left});
  }
}

// -- what a runner tells ------------------------------------------------------------------------

bool runtime::impl::plugin::submit(call what, runner::answer_function done) {
  ++status.calls;
  return runs->submit(std::move(what), [this, done = std::move(done)](answer said) {
    if (said.status != VIGIE_OK) {
      std::lock_guard lock{rt.mutex_};
      ++status.late_or_failed_calls;
    }
    if (done) done(std::move(said));
  });
}

void runtime::impl::plugin::on_started(const start_report& report) {
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

void runtime::impl::plugin::on_notice(notice said) {
  std::visit([this](auto& one) { hand_over(one); }, said);
}

void runtime::impl::plugin::on_ended() {
  std::lock_guard lock{rt.mutex_};
  ended = true;
  rt.changed_.notify_all();
}

std::optional<camera_id> runtime::impl::plugin::camera_named(std::uint64_t handle) {
  std::lock_guard lock{rt.mutex_};
  const auto found = camera_of.find(handle);
  return found == camera_of.end() ? std::nullopt : std::optional{found->second};
}

void runtime::impl::plugin::hand_over(packet_notice& n) {
  if (const auto camera = camera_named(n.camera))
    rt.listener_.on_packet(setup.id, *camera, std::move(n.packet));
}

void runtime::impl::plugin::hand_over(ended_notice& n) {
  const auto camera = camera_named(n.camera);
  if (!camera) return;
  {
    std::lock_guard lock{rt.mutex_};
    if (const auto kept = cameras.find(*camera); kept != cameras.end())
      kept->second.is_open = false;
  }
  rt.listener_.on_stream_ended(setup.id, *camera, n.why, n.text);
}

void runtime::impl::plugin::hand_over(device_event_notice& n) {
  if (const auto camera = camera_named(n.camera))
    rt.listener_.on_device_event(setup.id, *camera, n.event);
}

void runtime::impl::plugin::hand_over(detection_notice& n) {
  if (const auto camera = camera_named(n.camera))
    rt.listener_.on_detection(setup.id, *camera, n.detection);
}

}  // namespace vigie::plugin_host
