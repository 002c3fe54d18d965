// SPDX-License-Identifier: Apache-2.0
#include "simulation/invariants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "support/temporary_folder.hpp"

namespace vigie::simulation {
namespace {

constexpr mono_ns second = 1'000'000'000;
/// Silence of every kind is on the bus within two seconds at 12 frames a second; slower cameras get
/// three of their intervals, and the actors half a second.
mono_ns detection_bound(mono_ns picture_interval) {
  return std::max<mono_ns>(2 * second, 3 * picture_interval + second);
}

bool stops_pictures(camera_fault fault) {
  return fault != camera_fault::none && fault != camera_fault::reset;
}

/// A fault that lasted is known in time, and a camera that answers RTSP but shows nothing never
/// looks better before it is healed.
void check_detection(const world& w, mono_ns picture_interval, std::vector<std::string>& out) {
  for (const auto& fault : w.faults()) {
    if (!stops_pictures(fault.fault)) continue;
    const mono_ns end = fault.to == 0 ? w.now() : fault.to;
    const mono_ns bound = detection_bound(picture_interval);
    if (end - fault.from < bound) continue;
    const auto& changes = w.changes(fault.camera);
    auto state = domain::health_state::starting;
    for (const auto& change : changes)
      if (change.at <= fault.from) state = change.state;
    if (state != domain::health_state::live) continue;
    const auto down = std::find_if(changes.begin(), changes.end(), [&](const seen_change& c) {
      return c.at > fault.from && c.state == domain::health_state::down;
    });
    if (down == changes.end() || down->at > fault.from + bound) {
      out.push_back(fmt::format("{}: fault {} at {:.3f} s not seen within {:.1f} s", fault.camera,
                                static_cast<int>(fault.fault),
                                static_cast<double>(fault.from) / 1e9,
                                static_cast<double>(bound) / 1e9));
      continue;
    }
    for (const auto& change : changes)
      if (change.at > down->at && change.at < end && change.state == domain::health_state::live)
        out.push_back(fmt::format("{}: looked live at {:.3f} s while it sent nothing", fault.camera,
                                  static_cast<double>(change.at) / 1e9));
  }
}

/// A camera's own events alternate: down or degraded, then restored.
void check_events(const world& w, std::vector<std::string>& out) {
  std::map<std::string, bool> told_broken;
  for (const auto& event : w.concluded()) {
    if (!event.camera) continue;
    auto& broken = told_broken[event.camera->str()];
    const bool restores = event.type == domain::site_event_type::camera_restored;
    if (restores && !broken)
      out.push_back(event.camera->str() + ": restored without having been told broken");
    if (event.type == domain::site_event_type::camera_down && broken)
      out.push_back(event.camera->str() + ": told down twice");
    broken = !restores;
  }
}

/// Every event reaches the bus, in order of conclusion, once the bus is there.
void check_outbox(const world& w, std::vector<std::string>& out) {
  std::vector<std::string> firsts;
  for (const auto& id : w.heard())
    if (std::find(firsts.begin(), firsts.end(), id) == firsts.end()) firsts.push_back(id);
  if (firsts.size() != w.concluded().size())
    out.push_back(fmt::format("{} events concluded, {} heard on the bus", w.concluded().size(),
                              firsts.size()));
  for (std::size_t i = 0; i < firsts.size(); ++i)
    if (firsts[i] != std::to_string(i)) {
      out.push_back("events were heard out of order from number " + std::to_string(i));
      break;
    }
}

}  // namespace

std::vector<std::string> breaches(world& w) {
  std::vector<std::string> out;
  check_detection(w, w.picture_interval(), out);
  check_events(w, out);
  check_outbox(w, out);
  for (const auto& id : w.cameras()) {
    if (w.line(id).most_dials_in_flight() > 1) out.push_back(id + ": more than one dial in flight");
    utc_us end = 0;
    for (const auto& row : w.segments(id)) {
      if (row.key.start_utc_us < end) out.push_back(id + ": segments overlap");
      end = row.end_utc_us;
    }
  }
  for (auto& breach : recording_breaches(w)) out.push_back(std::move(breach));
  return out;
}

std::vector<std::string> recording_breaches(const world& w) {
  const test::temporary_folder folder;
  w.export_recordings(folder.path());
  const char* bin = std::getenv("VIGIE_BIN");
  const std::string program =
      (bin != nullptr ? std::string{bin} : "build/release/bin") + "/vigie-verify";
  // Its exit code says what the verdict says; the verdict is what we read.
  const auto told = nlohmann::json::parse(test::output_of(
      "{ " + program + " recordings " + folder.path().string() + " --json || true; }"));
  std::vector<std::string> out;
  for (const char* name : {"lost", "duplicated", "foreign", "unplayable", "torn_tail"})
    if (const auto count = told.at(name).get<std::uint64_t>(); count != 0)
      out.push_back(fmt::format("vigie-verify: {} {}", count, name));
  if (!out.empty())
    for (const auto& complaint : told.value("problems", nlohmann::json::array()))
      out.push_back("vigie-verify: " + complaint.get<std::string>());
  return out;
}

}  // namespace vigie::simulation
