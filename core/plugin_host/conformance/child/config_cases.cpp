// SPDX-License-Identifier: Apache-2.0
// What does not depend on the kind: configurations, process-wide effects, threads, leaks.
#include <array>
#include <thread>

#include "plugin_host/conformance/child/cases.hpp"
#include "plugin_host/conformance/child/subject.hpp"
#include "plugin_host/conformance/config_mutator.hpp"
#include "plugin_host/screen.hpp"

namespace vigie::plugin_host::conformance::child {
namespace {

constexpr std::size_t fuzz_rounds = 240;
constexpr std::size_t repeated_rounds = 60;
constexpr std::size_t warm_up_rounds = 10;
constexpr std::size_t half_of_rounds = 25;
constexpr std::uint64_t least_leak_bytes = 16;

std::string quoted(const std::string& config) {
  return "`" + printable(std::string_view{config}.substr(0, 100), 100) +
         (config.size() > 100 ? "…`" : "`");
}

/// A thread that was joined may stand in /proc a moment longer.
bool threads_are_back(const readings& process, std::size_t wanted) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  while (process.threads() > wanted) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

/// One whole life with a camera in it, where the kind has cameras and one address is taken.
void live_once(case_run& run, const clock& time, const std::string& address) {
  subject s{run, time};
  if (!s.bring_up()) return;
  if (!address.empty() && s.attach(1, address).ok()) s.detach(1);
  s.take_down();
}

/// An address of the plugin's taste; empty for notifiers and when there is none.
std::string address_for(case_run& run, const clock& time) {
  if (run.order.plugin.kind == VIGIE_KIND_NOTIFIER) return {};
  subject s{run, time};
  if (!s.bring_up()) return {};
  std::string found;
  for (const auto& one : run.order.cameras) {
    if (!s.attach(1, one).ok()) continue;
    s.detach(1);
    found = one;
    break;
  }
  s.take_down();
  return found;
}

}  // namespace

void config_fuzz(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.load()) return;
  std::size_t taken = 0;
  const auto try_one = [&](std::size_t number) {
    const auto config = mutated_config(run.order.plugin.config_json, run.order.seed, number);
    run.about("configuration " + std::to_string(number) + " " + quoted(config));
    if (!s.create()) return;
    const auto got = s.init(config);
    taken += got.ok() ? 1 : 0;
    if (run.holds(got.ok() || got.status == VIGIE_E_INVALID,
                  "configuration " + std::to_string(number) + " was answered with " +
                      name_of_status(got.status) + " (" + got.text + "): " + quoted(config)))
      s.destroy();
  };
  for (std::size_t number = 0; number < fuzz_rounds && !run.is_settled(); ++number) try_one(number);
  const auto first_taken = taken;
  // The same ones again and again: what malloc keeps in its caches has settled by then.
  std::array<std::uint64_t, 4> heap{};
  for (auto& now : heap) {
    for (std::size_t number = 0; number < repeated_rounds && !run.is_settled(); ++number)
      try_one(number);
    now = readings::heap_bytes();
  }
  if (run.is_settled()) return;
  if (!run.holds(!grows(heap[1], heap[2], heap[3], repeated_rounds, least_leak_bytes),
                 "it keeps " + std::to_string((heap[3] - heap[1]) / (2 * repeated_rounds)) +
                     " bytes of each configuration"))
    return;
  run.note(std::to_string(fuzz_rounds) + " configurations, " + std::to_string(first_taken) +
           " taken, the others refused");
}

void manners(case_run& run, const clock& time) {
  const auto before = process_wide_state();
  subject s{run, time};
  if (!s.load()) return;
  // What a system library says while it is loaded (libgcrypt on missing mlock) is not the plugin's.
  run.output.heard();
  if (!s.bring_up()) return;
  s.take_down();
  const auto after = process_wide_state();
  if (!run.holds(before == after, "it changed the process: " + before + " became " + after)) return;
  const auto heard = run.output.heard();
  run.holds(heard.empty(), "it wrote to stdout or stderr: " + heard);
}

void threads(case_run& run, const clock& time) {
  const auto before = run.holds_now.threads();
  subject s{run, time};
  if (!s.bring_up()) return;
  if (run.order.plugin.kind != VIGIE_KIND_NOTIFIER)
    for (const auto& one : run.order.cameras)
      if (s.attach(1, one).ok()) break;
  const auto working = run.holds_now.threads();
  s.stop();
  if (!run.holds(threads_are_back(run.holds_now, before),
                 std::to_string(run.holds_now.threads() - before) +
                     " threads of its own still run after stop"))
    return;
  s.destroy();
  const auto seen = s.host().seen();
  if (!run.holds(seen.untimely.empty(), seen.untimely.empty() ? "" : seen.untimely.front())) return;
  if (!run.holds(seen.retained == 0, "it still retains frames after stop")) return;
  if (working > before)
    run.note(std::to_string(working - before) + " threads of its own, all joined in stop");
}

void leaks(case_run& run, const clock& time) {
  const auto address = address_for(run, time);
  if (run.is_settled()) return;
  const auto rounds = [&](std::size_t count) {
    for (std::size_t i = 0; i < count && !run.is_settled(); ++i) live_once(run, time, address);
  };
  rounds(warm_up_rounds);
  const auto descriptors = run.holds_now.descriptors();
  const auto heap = readings::heap_bytes();
  const auto space = run.holds_now.address_space_bytes();
  rounds(half_of_rounds);
  const auto half_heap = readings::heap_bytes();
  const auto half_space = run.holds_now.address_space_bytes();
  rounds(half_of_rounds);
  if (run.is_settled()) return;
  const auto now = readings::heap_bytes();
  if (!run.holds(!grows(heap, half_heap, now, half_of_rounds, least_leak_bytes),
                 "every life leaves " + std::to_string((now - heap) / (2 * half_of_rounds)) +
                     " bytes of memory"))
    return;
  if (!run.holds(
          !grows(space, half_space, run.holds_now.address_space_bytes(), half_of_rounds, 4096),
          "every life leaves mapped memory"))
    return;
  const auto left = run.holds_now.descriptors();
  run.holds(left <= descriptors, std::to_string(left - descriptors) + " descriptors are left by " +
                                     std::to_string(2 * half_of_rounds) + " lives");
}

}  // namespace vigie::plugin_host::conformance::child
