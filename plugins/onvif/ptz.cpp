// SPDX-License-Identifier: Apache-2.0
#include "ptz.hpp"

namespace vigie::onvif {

namespace {

/// After the device's own time-out, so that an honest device is not disturbed.
constexpr std::chrono::milliseconds stop_delay{250};

}  // namespace

outcome<message> ptz_head::ask(const request& what) {
  return device_->ask_service(&services::ptz, what);
}

outcome<bool> ptz_head::move(double pan, double tilt, double zoom,
                             std::chrono::milliseconds timeout) {
  const auto p = device_->chosen_profile();
  if (!p) return tl::unexpected{p.error()};
  const std::uint64_t mine = ++movement_;
  const auto answer = ask(continuous_move(p->token, pan, tilt, zoom, timeout));
  if (!answer) return tl::unexpected{answer.error()};
  device_->via().after(
      timeout + stop_delay, [self = shared_from_this(), mine, profile_token = p->token] {
        if (self->movement_ != mine) return;
        self->device_->prepare([self, profile_token](outcome<services> known) {
          if (!known || known->ptz.empty()) return;
          self->device_->ask(known->ptz, stop_moving(profile_token), {}, [](outcome<message>) {});
        });
      });
  return true;
}

outcome<bool> ptz_head::stop() {
  const auto p = device_->chosen_profile();
  if (!p) return tl::unexpected{p.error()};
  ++movement_;
  const auto answer = ask(stop_moving(p->token));
  if (!answer) return tl::unexpected{answer.error()};
  return true;
}

outcome<std::vector<vigie_ptz_preset_t>> ptz_head::presets() {
  const auto p = device_->chosen_profile();
  if (!p) return tl::unexpected{p.error()};
  const auto answer = ask(get_presets(p->token));
  if (!answer) return tl::unexpected{answer.error()};
  return read_presets(*answer);
}

outcome<bool> ptz_head::go_to(std::string_view preset) {
  const auto p = device_->chosen_profile();
  if (!p) return tl::unexpected{p.error()};
  ++movement_;
  const auto answer = ask(go_to_preset(p->token, preset));
  if (!answer) return tl::unexpected{answer.error()};
  return true;
}

}  // namespace vigie::onvif
