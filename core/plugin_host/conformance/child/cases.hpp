// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/clock.hpp"
#include "plugin_host/conformance/child/case_run.hpp"

namespace vigie::plugin_host::conformance::child {

/// Runs one case; what it found stands in `run`.
using case_function = void (*)(case_run& run, const clock& time);

/// Null for a name that is no case of a process of its own.
case_function find_function(std::string_view name) noexcept;

// One for each case of the catalogue.
void scan(case_run& run, const clock& time);
void load(case_run& run, const clock& time);
void factories(case_run& run, const clock& time);
void other_abi(case_run& run, const clock& time);
void create_destroy(case_run& run, const clock& time);
void life(case_run& run, const clock& time);
void call_order(case_run& run, const clock& time);
void not_started(case_run& run, const clock& time);
void stop_twice(case_run& run, const clock& time);
void failed_init(case_run& run, const clock& time);
void extensions(case_run& run, const clock& time);
void older_host(case_run& run, const clock& time);
void config_fuzz(case_run& run, const clock& time);
void arguments(case_run& run, const clock& time);
void manners(case_run& run, const clock& time);
void threads(case_run& run, const clock& time);
void leaks(case_run& run, const clock& time);
void unknown_camera(case_run& run, const clock& time);
void many_cameras(case_run& run, const clock& time);
void streams(case_run& run, const clock& time);
void frame_sizes(case_run& run, const clock& time);
void events(case_run& run, const clock& time);
void deliveries(case_run& run, const clock& time);
void probe(case_run& run, const clock& time);
void stop_while_busy(case_run& run, const clock& time);

}  // namespace vigie::plugin_host::conformance::child
