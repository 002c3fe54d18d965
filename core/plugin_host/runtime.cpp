// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/runtime.hpp"

#include "plugin_host/detail/runtime_impl.hpp"

namespace vigie::plugin_host {

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
