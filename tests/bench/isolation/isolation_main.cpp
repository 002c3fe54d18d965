// SPDX-License-Identifier: Apache-2.0
// vigie-isolation-measure PLUGIN_FOLDER FRAMES BLOCK WINDOW: CPU of showing 640×360 pictures to one
// plugin in a child and in process, in turns of BLOCK frames with WINDOW under way. Prints one JSON
// line.
#include <vigie/frame.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugin_host/manifest.hpp"
#include "plugin_host/runner.hpp"

namespace {

using namespace vigie;
using namespace vigie::plugin_host;
using namespace std::chrono_literals;

constexpr std::uint32_t width = 640, height = 360;
constexpr std::uint64_t cameras = 16;

class events final : public runner_events {
 public:
  void on_started(const start_report&) override { note(started_); }
  void on_notice(notice) override {}
  void on_fault(fault f, std::uint64_t, const std::string& detail) override {
    std::fprintf(stderr, "%s: %s\n", std::string{name_of(f)}.c_str(), detail.c_str());
    note(failed_);
  }
  void on_ended() override {}
  void wait_started() {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, 20s, [&] { return started_ || failed_; }) || failed_)
      throw std::runtime_error{"the plugin does not start"};
  }

 private:
  void note(bool& what) {
    const std::lock_guard lock{mutex_};
    what = true;
    changed_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool started_ = false, failed_ = false;
};

/// CPU seconds of this process, and of a child of it (all threads), so far.
double own_cpu_s() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}
double cpu_s_of(int process) {
  double sum = 0;
  if (process == 0) return sum;
  for (const auto& task :
       std::filesystem::directory_iterator{"/proc/" + std::to_string(process) + "/task"}) {
    double ns = 0;
    std::ifstream{task.path() / "schedstat"} >> ns;
    sum += ns / 1e9;
  }
  return sum;
}

/// Streets with noise: none is flat, none is like the one before.
std::vector<std::shared_ptr<std::vector<std::uint8_t>>> make_pictures() {
  std::mt19937 random{7};
  std::vector<std::shared_ptr<std::vector<std::uint8_t>>> pictures;
  for (unsigned n = 0; n < 8; ++n) {
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(width * height);
    for (std::uint32_t y = 0; y < height; ++y)
      for (std::uint32_t x = 0; x < width; ++x)
        (*pixels)[y * width + x] = static_cast<std::uint8_t>(
            60 + y / 4 + ((x / 40 + y / 30) % 2) * 50 + (x + n * 12 < 80 ? 30 : 0) + random() % 8);
    pictures.push_back(std::move(pixels));
  }
  return pictures;
}

/// One runner, and what its frames cost.
class side {
 public:
  side(const std::filesystem::path& folder, bool in_child) {
    const auto known = read_manifest(folder);
    if (!known) throw std::runtime_error{known.error().detail};
    runner_setup setup;
    setup.order = {(folder / known->library).string(),
                   known->id,
                   static_cast<std::uint8_t>(known->kind),
                   known->events,
                   "{}",
                   false,
                   {}};
    setup.host_program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../bin/vigie-plugin-host";
    runs_ = in_child ? make_child_runner(std::move(setup), time_, events_)
                     : make_in_process_runner(std::move(setup), time_, events_);
    events_.wait_started();
    for (std::uint64_t camera = 1; camera <= cameras; ++camera)
      runs_->submit(attach_call{camera, "cam", {}, {}, {}, "{}"}, nullptr);
  }
  void show(const std::vector<std::shared_ptr<std::vector<std::uint8_t>>>& pictures,
            unsigned frames, unsigned window) {
    const double before = own_cpu_s() + cpu_s_of(runs_->process());
    for (unsigned i = 0; i < frames; ++i) {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [&] { return under_way_ < window; });
      ++under_way_;
      lock.unlock();
      const auto& pixels = pictures[++shown_ % pictures.size()];
      const picture frame{VIGIE_PIXEL_GRAY8,
                          width,
                          height,
                          static_cast<utc_us>(1'700'000'000'000'000 + shown_ * 1'000'000),
                          *pixels,
                          pixels};
      if (!runs_->offer({shown_ % cameras + 1, shown_, frame},
                        [this](const answer& said) { took(said); }))
        throw std::runtime_error{"a frame was not taken"};
    }
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return under_way_ == 0; });
    if (refused_ > 0) throw std::runtime_error{"the plugin refused frames"};
    cpu_s_ += own_cpu_s() + cpu_s_of(runs_->process()) - before;
    frames_ += frames;
  }
  void forget() { cpu_s_ = 0, frames_ = 0; }
  double cpu_s_per_1000() const { return cpu_s_ / static_cast<double>(frames_) * 1000; }

 private:
  void took(const answer& said) {
    const std::lock_guard lock{mutex_};
    --under_way_;
    if (said.status != 0) ++refused_;
    changed_.notify_all();
  }
  system_clock time_;
  events events_;
  std::mutex mutex_;
  std::condition_variable changed_;
  unsigned under_way_ = 0, refused_ = 0;
  std::uint64_t shown_ = 0, frames_ = 0;
  double cpu_s_ = 0;
  std::unique_ptr<runner> runs_;
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 5) throw std::runtime_error{"PLUGIN_FOLDER FRAMES BLOCK WINDOW"};
  const auto folder = std::filesystem::absolute(argv[1]);
  const unsigned frames = std::stoul(argv[2]), block = std::stoul(argv[3]),
                 window = std::stoul(argv[4]);
  const auto pictures = make_pictures();
  side in_process{folder, false}, child{folder, true};
  for (auto* one : {&in_process, &child}) {
    one->show(pictures, block, window);  // caches, pools, references
    one->forget();
  }
  for (unsigned done = 0; done < frames; done += block)
    for (auto* one : {&in_process, &child}) one->show(pictures, block, window);
  std::printf(
      "{\"frames\":%u,\"in_process_cpu_s_per_1000\":%.4f,\"child_cpu_s_per_1000\":%.4f,\"ratio\":%."
      "3f}\n",
      frames, in_process.cpu_s_per_1000(), child.cpu_s_per_1000(),
      child.cpu_s_per_1000() / in_process.cpu_s_per_1000());
  return 0;
} catch (const std::exception& e) {
  std::fprintf(stderr, "vigie-isolation-measure: %s\n", e.what());
  return 1;
}
