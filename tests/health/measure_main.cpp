// SPDX-License-Identifier: Apache-2.0
// Shows labelled scenes to the rules of camera_health and counts. Ends with one JSON line.
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "health/trial.hpp"

namespace {

using namespace vigie;
using test::trial;
using test::trial_result;
namespace scenes = simulators::health;

std::map<std::string, std::string> options_of(int argc, char** argv) {
  std::map<std::string, std::string> out{{"seed", "1000"},   {"seeds", "20"},     {"threads", "2"},
                                         {"days", "1"},      {"weather", ""},     {"fault", ""},
                                         {"cameras", "300"}, {"pictures", "130"}, {"dump", ""}};
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name.rfind("--", 0) != 0 || out.count(name.substr(2)) == 0)
      throw std::runtime_error{"unknown option " + name};
    out[name.substr(2)] = argv[i + 1];
  }
  return out;
}

/// Runs all trials on some threads; results in the order of the trials.
std::vector<trial_result> run_all(const std::vector<trial>& trials, unsigned threads) {
  std::vector<trial_result> results(trials.size());
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> pool;
  for (unsigned t = 0; t < threads; ++t)
    pool.emplace_back([&] {
      for (std::size_t i = next++; i < trials.size(); i = next++) results[i] = run(trials[i]);
    });
  for (auto& thread : pool) thread.join();
  return results;
}

void tell(const trial& t, const std::string& what) {
  std::fprintf(stderr, "seed %llu %s %s: %s\n", static_cast<unsigned long long>(t.what.seed),
               std::string{name_of(t.what.under)}.c_str(),
               std::string{name_of(t.what.fault)}.c_str(), what.c_str());
}

nlohmann::json count_faults(const std::vector<trial>& trials,
                            const std::vector<trial_result>& results) {
  std::map<std::string, int> right, wrong, missed;
  int cleared = 0, detected = 0, slowest = 0;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const std::string fault{name_of(trials[i].what.fault)};
    for (const auto& name : results[i].false_alarms) {
      ++wrong[name];
      tell(trials[i], "false " + name);
    }
    if (trials[i].what.fault == scenes::label::healthy) continue;
    ++(results[i].detected ? right : missed)[fault];
    if (!results[i].detected) tell(trials[i], "missed");
    if (!results[i].detected) continue;
    ++detected;
    cleared += results[i].cleared ? 1 : 0;
    if (!results[i].cleared) tell(trials[i], "not cleared");
    slowest = std::max(slowest, results[i].delay_seconds);
  }
  nlohmann::json out;
  const auto ratio = [](int part, int whole) { return whole == 0 ? 1.0 : double(part) / whole; };
  for (const auto fault : scenes::all_faults) {
    const std::string name{name_of(fault)};
    out[name + "_precision"] = ratio(right[name], right[name] + wrong[name]);
    out[name + "_recall"] = ratio(right[name], right[name] + missed[name]);
  }
  out["sequences"] = trials.size();
  out["cleared"] = ratio(cleared, detected);
  out["slowest_detection_s"] = slowest;
  return out;
}

nlohmann::json faults(std::map<std::string, std::string>& o) {
  std::vector<trial> trials;
  const auto first = std::stoull(o["seed"]);
  for (std::uint64_t seed = first; seed < first + std::stoull(o["seeds"]); ++seed)
    for (const auto under : scenes::all_weathers) {
      if (under == scenes::weather::around_clock) continue;
      if (!o["weather"].empty() && o["weather"] != name_of(under)) continue;
      for (const auto fault :
           {scenes::label::healthy, scenes::label::black, scenes::label::frozen,
            scenes::label::blurred, scenes::label::covered, scenes::label::moved})
        if (o["fault"].empty() || o["fault"] == name_of(fault))
          trials.push_back(test::fault_trial(seed, under, fault));
    }
  return count_faults(trials, run_all(trials, static_cast<unsigned>(std::stoi(o["threads"]))));
}

/// Whole days of a healthy camera: 8,640 key pictures each.
nlohmann::json days(std::map<std::string, std::string>& o) {
  std::vector<trial> trials;
  for (const auto under : scenes::all_weathers)
    for (std::uint64_t day = 0; day < std::stoull(o["days"]); ++day) {
      if (!o["weather"].empty() && o["weather"] != name_of(under)) continue;
      trials.push_back({{std::stoull(o["seed"]) + day * 7 + static_cast<std::uint64_t>(under),
                         under, scenes::label::healthy, 0, 0, 10},
                        8640,
                        false});
    }
  const auto results = run_all(trials, static_cast<unsigned>(std::stoi(o["threads"])));
  nlohmann::json per_weather;
  double alarms = 0;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    for (const auto& name : results[i].false_alarms) tell(trials[i], "false " + name);
    alarms += static_cast<double>(results[i].false_alarms.size());
    auto& count = per_weather[std::string{name_of(trials[i].what.under)}];
    count =
        (count.is_null() ? 0 : count.get<int>()) + static_cast<int>(results[i].false_alarms.size());
  }
  return {{"camera_days", trials.size()},
          {"false_alarms", per_weather.is_null() ? nlohmann::json::object() : per_weather},
          {"false_alarms_per_camera_day",
           trials.empty() ? 0.0 : alarms / static_cast<double>(trials.size())}};
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](timeval t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// What the rules cost: `cameras` cameras with a state of their own, in turn, as a centre would
/// show them; only the rules' time is counted.
nlohmann::json cpu(std::map<std::string, std::string>& o) {
  const auto cameras = std::stoull(o["cameras"]);
  constexpr int rounds = 30;
  std::vector<std::vector<std::uint8_t>> pictures;
  scenes::sequence shown{{1000, scenes::weather::day, scenes::label::healthy, 0, 0, 10}};
  for (int i = 0; i < rounds; ++i) pictures.push_back(shown.next());
  std::vector<camera_health::health_core> rules(cameras);
  const double before = cpu_seconds();
  for (int i = 0; i < rounds; ++i)
    for (auto& each : rules)
      each.observe({pictures[static_cast<std::size_t>(i)].data(), 320, 320, 180}, i * 10'000'000LL);
  const double per_picture = (cpu_seconds() - before) / (rounds * static_cast<double>(cameras));
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return {{"cameras", cameras},
          {"us_per_picture", per_picture * 1e6},
          {"resident_mb", usage.ru_maxrss / 1024},
          {"cpu_pct_3000", per_picture * 300 * 100}};
}

template <class Kinds, class Kind>
Kind named(const Kinds& kinds, const std::string& name, Kind otherwise) {
  for (const auto each : kinds)
    if (name == name_of(each)) return each;
  return otherwise;
}

void trace(std::map<std::string, std::string>& o) {
  auto t = test::fault_trial(std::stoull(o["seed"]),
                             named(scenes::all_weathers, o["weather"], scenes::weather::day),
                             named(scenes::all_faults, o["fault"], scenes::label::healthy));
  t.trace = true;
  t.pictures = std::stoi(o["pictures"]);
  run(t);
}

/// Writes the picture of that number as PGM, to look at.
void dump(std::map<std::string, std::string>& o) {
  auto t = test::fault_trial(std::stoull(o["seed"]),
                             named(scenes::all_weathers, o["weather"], scenes::weather::day),
                             named(scenes::all_faults, o["fault"], scenes::label::healthy));
  scenes::sequence shown{t.what};
  const std::vector<std::uint8_t>* picture = nullptr;
  for (int i = 0; i <= std::stoi(o["dump"]); ++i) picture = &shown.next();
  std::printf("P5 320 180 255\n");
  std::fwrite(picture->data(), 1, picture->size(), stdout);
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string verb = argc > 1 ? argv[1] : "";
  auto o = options_of(argc, argv);
  if (verb == "faults")
    std::printf("%s\n", faults(o).dump().c_str());
  else if (verb == "days")
    std::printf("%s\n", days(o).dump().c_str());
  else if (verb == "cpu")
    std::printf("%s\n", cpu(o).dump().c_str());
  else if (verb == "trace")
    trace(o);
  else if (verb == "dump")
    dump(o);
  else
    throw std::runtime_error{"usage: vigie-camera-health-measure faults|days|cpu|trace|dump"};
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "%s\n", problem.what());
  return 64;
}
