// SPDX-License-Identifier: Apache-2.0
#include "verify/recordings_check.hpp"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "verify/camera_check.hpp"

namespace verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_problems = 40;

/// <folder>/<day>/<camera>/<start>.mp4, per camera in order of start.
std::map<std::string, std::vector<recorded_file>> find_files(const check_options& options) {
  if (!fs::is_directory(options.recordings))
    throw std::runtime_error{"no such folder: " + options.recordings.string()};
  std::map<std::string, std::vector<recorded_file>> cameras;
  for (const auto& day : fs::directory_iterator{options.recordings}) {
    if (!day.is_directory()) continue;
    for (const auto& camera : fs::directory_iterator{day.path()}) {
      if (!camera.is_directory()) continue;
      for (const auto& file : fs::directory_iterator{camera.path()}) {
        const auto start = start_of_name(file.path().filename().string());
        if (start && *start >= options.from_ms && *start < options.to_ms)
          cameras[camera.path().filename().string()].push_back({file.path(), *start});
      }
    }
  }
  for (auto& [camera, files] : cameras)
    std::sort(files.begin(), files.end(), [](const recorded_file& a, const recorded_file& b) {
      return a.start_ms < b.start_ms;
    });
  return cameras;
}

/// Camera id to the last counter it sent, of cameras that sent anything.
std::map<std::string, std::uint64_t> read_sent(const fs::path& path) {
  std::map<std::string, std::uint64_t> sent;
  if (path.empty()) return sent;
  std::ifstream in{path};
  if (!in) throw std::runtime_error{"cannot read " + path.string()};
  const auto stats = nlohmann::json::parse(in);
  for (const auto& camera : stats.at("cameras"))
    if (camera.value("sent_frames", std::uint64_t{0}) > 0)
      sent[camera.at("id").get<std::string>()] = camera.at("last_frame").get<std::uint64_t>();
  return sent;
}

void add(verdict& v, camera_verdict one) {
  auto& s = v.sum;
  ++v.cameras;
  s.files += one.files;
  s.frames += one.frames;
  s.bytes += one.bytes;
  s.seconds += one.seconds;
  s.lost += one.lost;
  s.duplicated += one.duplicated;
  s.foreign += one.foreign;
  s.unnumbered += one.unnumbered;
  s.unplayable += one.unplayable;
  s.torn_tail += one.torn_tail;
  s.audio_tracks += one.audio_tracks;
  s.implausible += one.implausible;
  s.restarts += one.restarts;
  for (const auto& g : one.gaps) v.forbidden_gaps += g.is_allowed ? 0 : 1;
  s.gaps.insert(s.gaps.end(), one.gaps.begin(), one.gaps.end());
  for (const auto& problem : one.problems)
    if (s.problems.size() < most_problems) s.problems.push_back(problem);
  v.per_camera.push_back(std::move(one));
}

}  // namespace

verdict check_recordings(const check_options& options) {
  const auto sent = read_sent(options.sent);
  const auto files = find_files(options);
  const bool allow_all = options.allow_gaps.contains("all");

  std::vector<const std::pair<const std::string, std::vector<recorded_file>>*> jobs;
  for (const auto& entry : files) jobs.push_back(&entry);
  std::vector<camera_verdict> verdicts(jobs.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (auto i = next++; i < jobs.size(); i = next++) {
      const auto& [camera, recorded] = *jobs[i];
      camera_options one{options.after_kill, allow_all || options.allow_gaps.contains(camera), {}};
      if (const auto account = sent.find(camera); account != sent.end())
        one.last_sent = account->second;
      verdicts[i] = check_camera(camera, recorded, one);
    }
  };
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 1; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
      workers.emplace_back(work);
    work();
  }

  verdict v;
  for (auto& one : verdicts) add(v, std::move(one));
  for (const auto& [camera, last] : sent)
    if (!files.contains(camera)) {
      ++v.missing_cameras;
      v.sum.problems.push_back(camera + ": sent pictures, nothing is recorded");
    }
  const auto& s = v.sum;
  const bool is_partly_numbered = std::any_of(
      v.per_camera.begin(), v.per_camera.end(),
      [](const camera_verdict& c) { return c.unnumbered > 0 && c.unnumbered < c.frames; });
  v.is_ok = s.frames > 0 &&
            s.lost + s.duplicated + s.foreign + s.unplayable + s.audio_tracks + s.implausible +
                    v.forbidden_gaps + v.missing_cameras ==
                0 &&
            (options.after_kill || s.torn_tail == 0) && !is_partly_numbered;
  return v;
}

}  // namespace verify
