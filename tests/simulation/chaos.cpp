// SPDX-License-Identifier: Apache-2.0
#include "simulation/chaos.hpp"

#include <array>
#include <map>

namespace vigie::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::array every_fault{
    camera_fault::refuse,    camera_fault::vanish, camera_fault::reset, camera_fault::silence,
    camera_fault::rtcp_only, camera_fault::drip,   camera_fault::reject};
/// A refused password is retried after five minutes and a tenth.
constexpr auto longest_backoff = 6min;

class saboteur {
 public:
  saboteur(world& w, std::uint64_t seed, const chaos_options& options)
      : world_{w}, random_{seed}, options_{options}, cameras_{w.cameras()}, sites_{w.sites()} {}

  void run() {
    const mono_ns end = world_.now() + to_ns(options_.span);
    while (world_.now() < end) {
      world_.advance(std::chrono::milliseconds{
          1 + static_cast<std::int64_t>(random_.unit() * 2000.0 *
                                        static_cast<double>(options_.every.count()))});
      heal_due();
      inject();
    }
    for (const auto& [camera, when] : heal_at_) world_.heal(camera);
    world_.set_bus(bus::link_state::connected);
    world_.advance(longest_backoff);
  }

 private:
  std::size_t pick(std::size_t count) { return random_.next() % count; }

  void break_one(const std::string& camera, camera_fault what) {
    if (heal_at_.contains(camera)) return;
    world_.fault(camera, what);
    if (what == camera_fault::reset) return;
    heal_at_[camera] = world_.now() + to_ns(3s) + static_cast<mono_ns>(random_.unit() * 60e9);
  }

  void inject() {
    const double dice = random_.unit();
    if (dice < 0.75) {
      break_one(cameras_[pick(cameras_.size())], every_fault[pick(every_fault.size())]);
    } else if (dice < 0.85) {
      const auto what = pick(2) == 0 ? camera_fault::vanish : camera_fault::refuse;
      for (const auto& camera : world_.cameras_of(sites_[pick(sites_.size())]))
        break_one(camera, what);
    } else if (dice < 0.93) {
      if (options_.cuts_bus) {
        bus_is_cut_ = !bus_is_cut_;
        world_.set_bus(bus_is_cut_ ? bus::link_state::disconnected : bus::link_state::connected);
      }
    } else if (options_.steps_clock) {
      world_.step_clock(std::chrono::milliseconds{
          static_cast<std::int64_t>((random_.unit() - 0.5) * 7.2e6)});  // up to an hour either way
    }
  }

  void heal_due() {
    for (auto it = heal_at_.begin(); it != heal_at_.end();) {
      if (it->second > world_.now()) {
        ++it;
        continue;
      }
      world_.heal(it->first);
      it = heal_at_.erase(it);
    }
  }

  world& world_;
  seeded_random random_;
  const chaos_options options_;
  const std::vector<std::string> cameras_;
  const std::vector<std::string> sites_;
  std::map<std::string, mono_ns> heal_at_;
  bool bus_is_cut_ = false;
};

}  // namespace

void run_chaos(world& w, std::uint64_t seed, chaos_options options) {
  saboteur{w, seed, options}.run();
}

}  // namespace vigie::simulation
