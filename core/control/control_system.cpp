// SPDX-License-Identifier: Apache-2.0
#include "control/control_system.hpp"

#include <caf/actor_registry.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "base/log.hpp"
#include "control/centre_actor.hpp"
#include "control/context.hpp"
#include "control/evidence_desk.hpp"
#include "domain/topology_diff.hpp"

namespace vigie::control {

namespace {

constexpr std::chrono::seconds snapshot_timeout{2};
/// Messages an actor may handle before it gives its thread to the next one.
constexpr std::size_t max_throughput = 50;

struct scheduler_config : caf::actor_system_config {
  explicit scheduler_config(const control_options& options) {
    if (options.run == scheduling::manual) {
      set("scheduler.policy", caf::atom("testing"));
      return;
    }
    // `sharing` sleeps when idle; the default policy polls.
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", options.threads);
    set("scheduler.max-throughput", max_throughput);
  }
};

/// Asks the centre once, calls back, and ends.
caf::behavior asker(caf::event_based_actor* self, centre_handle centre, snapshot_callback done) {
  crash_with_reason(self);
  self->request(centre, snapshot_timeout, get_snapshot{})
      .then([done](const snapshot& answer) { done(*answer.view); },
            [self, done](caf::error& why) {
              const bool late = why == caf::sec::request_timeout;
              done(fail(late ? errc::io_timeout : errc::internal, self->system().render(why)));
            });
  return {};
}

}  // namespace

class control_system::impl {
 public:
  impl(control_ports ports, control_options options)
      : feeds_{ports.feeds},
        context_{ports.publish, ports.time, desk_, {options.recording_expected}, options.seed},
        manual_{options.run == scheduling::manual},
        config_{options},
        actors_{config_} {
    centre_ = actors_.spawn(centre_actor, &context_);
  }

  ~impl() { stop(); }

  void apply(const domain::topology& centre) {
    std::lock_guard held{applying_};
    if (stopped_) return;
    const auto changes = domain::feed_changes_between(topology_, centre);
    topology_ = centre;
    for (const auto& camera : changes.stopped) {
      feeds_.stop(camera);
      desk_.close(camera);
    }
    for (const auto& placed : changes.started) desk_.open(placed.path.camera);
    tell(centre_, new_centre{std::make_shared<const domain::topology>(centre)});
    for (const auto& placed : changes.started) feeds_.start(placed.path, placed.camera);
  }

  void snapshot(snapshot_callback done) {
    {
      std::lock_guard held{applying_};
      if (!stopped_) {
        actors_.spawn(asker, centre_, std::move(done));
        return;
      }
    }
    done(fail(errc::internal, "the control system is stopped"));
  }

  control_counters counters() {
    control_counters c;
    c.actors = actors_.registry().running();
    c.restarts = context_.restarts;
    c.unknown_evidence = desk_.unknown();
    c.coalesced_evidence = desk_.coalesced();
    c.contained_failures = context_.contained_failures;
    c.health = desk_.ages(context_.time.mono());
    return c;
  }

  void stop() {
    std::lock_guard held{applying_};
    if (stopped_.exchange(true)) return;
    for (const auto& commune : topology_.communes)
      for (const auto& site : commune.sites)
        for (const auto& camera : site.cameras) {
          feeds_.stop(camera.id);
          desk_.close(camera.id);
        }
    dismiss(centre_);
    centre_ = nullptr;
    if (manual_) coordinator().run();
    actors_.await_all_actors_done();
    // CAF's own helpers still have a word to say while the system is taken down.
    if (manual_) coordinator().inline_all_enqueues();
  }

  std::size_t run_ready() { return manual_ && !stopped_ ? coordinator().run() : 0; }

  std::size_t advance(std::chrono::nanoseconds d) {
    if (!manual_ || stopped_) return 0;
    coordinator().advance_time(d);
    return coordinator().run();
  }

  evidence_desk& desk() { return desk_; }

 private:
  caf::scheduler::test_coordinator& coordinator() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(actors_.scheduler());
  }

  feed_control& feeds_;
  evidence_desk desk_;
  control_context context_;
  const bool manual_;
  scheduler_config config_;
  caf::actor_system actors_;
  centre_handle centre_;
  std::mutex applying_;
  domain::topology topology_;
  std::atomic<bool> stopped_{false};
};

control_system::control_system(control_ports ports, control_options options)
    : impl_{std::make_unique<impl>(ports, options)} {}
control_system::~control_system() = default;

void control_system::start(const domain::topology& centre) { impl_->apply(centre); }
void control_system::apply(const domain::topology& centre) { impl_->apply(centre); }
void control_system::post(domain::feed_evidence e) { impl_->desk().post(std::move(e)); }
void control_system::post(domain::picture_evidence e) { impl_->desk().post(std::move(e)); }
void control_system::post(domain::finding_evidence e) { impl_->desk().post(std::move(e)); }
void control_system::post(domain::recording_evidence e) { impl_->desk().post(std::move(e)); }
void control_system::snapshot(snapshot_callback done) { impl_->snapshot(std::move(done)); }
control_counters control_system::counters() const { return impl_->counters(); }
void control_system::stop() { impl_->stop(); }
std::size_t control_system::run_ready() { return impl_->run_ready(); }
std::size_t control_system::advance(std::chrono::nanoseconds d) { return impl_->advance(d); }

}  // namespace vigie::control
