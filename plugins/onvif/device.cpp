// SPDX-License-Identifier: Apache-2.0
#include "device.hpp"

#include <cstdlib>

#include "addresses.hpp"

namespace vigie::onvif {

namespace {

/// A token is refused when it is older than the device likes; most allow a few seconds.
constexpr std::int64_t clock_tolerance_us = 2'000'000;

}  // namespace

vigie_utc_us_t now_utc_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::int64_t device::clock_offset_us() const {
  const std::lock_guard hold{mutex_};
  return clock_offset_us_.value_or(0);
}

void device::forget() {
  const std::lock_guard hold{mutex_};
  services_.reset();
  clock_offset_us_.reset();
  profile_.reset();
}

void device::ask(const std::string& url, const request& what, const manner& how, on_message done) {
  http_request post;
  std::string headers = how.headers;
  if (!how.is_anonymous) {
    const std::lock_guard hold{mutex_};
    headers += security_header(options_.who, fresh_nonce(),
                               xml_time(now_utc_us() + clock_offset_us_.value_or(0)));
    post.who = options_.who;
    post.use_digest = use_digest_ && !options_.who.username.empty();
  }
  post.url = url;
  post.action = what.action;
  post.body = envelope(headers, what.body);
  post.timeout = how.timeout.count() > 0 ? how.timeout : options_.timeout;
  post.poll_of = how.is_poll ? options_.handle : 0;
  transport_.ask(std::move(post),
                 [self = shared_from_this(), done = std::move(done)](outcome<http_answer> answer) {
                   if (!answer) return done(tl::unexpected{answer.error()});
                   if (answer->used_digest) {
                     const std::lock_guard hold{self->mutex_};
                     self->use_digest_ = true;
                   }
                   done(read_answer(answer->status, answer->body));
                 });
}

void device::measure_clock(std::function<void(outcome<vigie_utc_us_t>)> done) {
  // Before authentication: a token needs the device's time, and this question needs no token
  // (ONVIF Core §5.9.4).
  const auto began = now_utc_us();
  manner how;
  how.is_anonymous = true;
  ask(options_.address, get_system_date_and_time(), how,
      [self = shared_from_this(), began, done = std::move(done)](outcome<message> answer) {
        if (!answer) return done(tl::unexpected{answer.error()});
        const auto told = read_system_time(*answer);
        if (told) {
          // Whole seconds are told: on average half a second more has passed.
          const auto middle = began + (now_utc_us() - began) / 2;
          const std::lock_guard hold{self->mutex_};
          self->clock_offset_us_ = *told + 500'000 - middle;
        }
        done(told);
      });
}

outcome<services> device::rebased(services told) const {
  for (std::string services::*which :
       {&services::media, &services::media2, &services::ptz, &services::events}) {
    if ((told.*which).empty()) continue;
    auto there = on_device_host(told.*which, options_.address, options_.follow_foreign_host);
    if (!there) return tl::unexpected{there.error()};
    told.*which = *there;
  }
  return told;
}

void device::prepare(on_services done) {
  std::optional<services> known;
  bool has_clock = false;
  {
    const std::lock_guard hold{mutex_};
    known = services_;
    has_clock = clock_offset_us_.has_value();
  }
  if (known) return done(*known);
  if (!has_clock) {
    return measure_clock([self = shared_from_this(), done](outcome<vigie_utc_us_t> told) {
      // A device that does not answer at all will not answer the next question either; one that
      // refuses this one is asked with our own time.
      if (!told && (told.error().code == VIGIE_E_TIMEOUT || told.error().code == VIGIE_E_STATE))
        return done(tl::unexpected{told.error()});
      if (!told) {
        const std::lock_guard hold{self->mutex_};
        self->clock_offset_us_ = 0;
      }
      self->prepare(done);
    });
  }
  const auto keep = [self = shared_from_this(), done](services told) {
    auto there = self->rebased(std::move(told));
    if (there) {
      const std::lock_guard hold{self->mutex_};
      self->services_ = *there;
    }
    done(std::move(there));
  };
  ask(options_.address, get_services(), {},
      [self = shared_from_this(), done, keep](outcome<message> answer) {
        if (answer) return keep(read_services(*answer));
        if (answer.error().code != VIGIE_E_UNSUPPORTED && answer.error().code != VIGIE_E_IO)
          return done(tl::unexpected{answer.error()});
        // GetServices came with Core 2.0; older devices know GetCapabilities only.
        self->ask(self->options_.address, get_capabilities(), {},
                  [done, keep](outcome<message> older) {
                    if (!older) return done(tl::unexpected{older.error()});
                    keep(read_capabilities(*older));
                  });
      });
}

outcome<services> device::known_services() {
  return await<services>([&](on_services done) { prepare(std::move(done)); });
}

outcome<message> device::ask_waiting(const std::string& url, const request& what) {
  return await<message>([&](on_message done) { ask(url, what, {}, std::move(done)); });
}

outcome<message> device::ask_again_if_clock_moved(const std::string& url, const request& what) {
  auto answer = ask_waiting(url, what);
  if (answer || answer.error().code != VIGIE_E_AUTH) return answer;
  const std::int64_t before = clock_offset_us();
  const auto measured = measure_clock();
  if (!measured || std::abs(clock_offset_us() - before) < clock_tolerance_us) return answer;
  return ask_waiting(url, what);
}

outcome<message> device::ask_device_service(const request& what) {
  if (auto known = known_services(); !known) return tl::unexpected{known.error()};
  return ask_again_if_clock_moved(options_.address, what);
}

outcome<message> device::ask_service(std::string services::*which, const request& what) {
  const auto known = known_services();
  if (!known) return tl::unexpected{known.error()};
  if ((*known.*which).empty()) return failed(VIGIE_E_UNSUPPORTED, "the device has no such service");
  return ask_again_if_clock_moved(*known.*which, what);
}

outcome<profile> device::chosen_profile() {
  {
    const std::lock_guard hold{mutex_};
    if (profile_) return *profile_;
  }
  outcome<message> answer = ask_service(&services::media2, get_profiles(true));
  // Some announce Media2 and cannot do it.
  if (!answer && answer.error().code != VIGIE_E_AUTH && answer.error().code != VIGIE_E_TIMEOUT)
    answer = ask_service(&services::media, get_profiles(false));
  if (!answer) return tl::unexpected{answer.error()};
  const std::vector<profile> all = read_profiles(*answer);
  const profile* best = choose_profile(all, options_.profile);
  if (!best && !options_.profile.empty())
    return failed(VIGIE_E_NOT_FOUND, "the device has no profile of the configured token");
  if (!best) return failed(VIGIE_E_UNSUPPORTED, "the device has no video profile");
  const std::lock_guard hold{mutex_};
  profile_ = *best;
  return *best;
}

outcome<vigie_utc_us_t> device::measure_clock() {
  return await<vigie_utc_us_t>(
      [&](std::function<void(outcome<vigie_utc_us_t>)> done) { measure_clock(std::move(done)); });
}

}  // namespace vigie::onvif
