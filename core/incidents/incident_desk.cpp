// SPDX-License-Identifier: Apache-2.0
#include "incidents/incident_desk.hpp"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "base/log.hpp"
#include "incidents/intake.hpp"

namespace vigie::incidents {
namespace {

using namespace std::chrono_literals;

constexpr mono_ns log_every_ns = 5'000'000'000;
constexpr auto beat = 100ms;  ///< how late a timer may be

/// Reads rows the store still has to tell and hands them on, in order, until it is stopped.
class teller {
 public:
  /// Tells one round: how many rows, or why not.
  using round = std::function<result<std::size_t>()>;

  teller(std::string name, const clock& time, std::chrono::milliseconds retry, round tell)
      : name_{std::move(name)}, time_{time}, retry_{retry}, tell_{std::move(tell)}, thread_{[this] {
          run();
        }} {}
  ~teller() { stop(); }
  void wake() {
    {
      std::lock_guard lock{mutex_};
      is_woken_ = true;
    }
    ready_.notify_one();
  }
  void stop() {
    {
      std::lock_guard lock{mutex_};
      is_ending_ = true;
    }
    ready_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

 private:
  /// False once it ends.
  bool pause(std::chrono::milliseconds wait) {
    std::unique_lock lock{mutex_};
    ready_.wait_for(lock, wait, [&] { return is_ending_ || is_woken_; });
    is_woken_ = false;
    return !is_ending_;
  }
  void run() {
    log::rate_limit limit{log_every_ns};
    do {
      while (true) {
        const auto told = tell_();
        if (told && *told == 0) break;
        if (told) continue;
        if (const auto n = limit.pass(time_.mono()))
          log::warn("incidents: the {} does not take what is due, tried {} times: {}", name_, n,
                    to_string(told.error()));
        break;
      }
    } while (pause(retry_));
  }

  const std::string name_;
  const clock& time_;
  const std::chrono::milliseconds retry_;
  const round tell_;
  std::mutex mutex_;
  std::condition_variable ready_;
  bool is_woken_ = true;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace

struct incident_desk::core {
  core(std::unique_ptr<desk_room> r, std::uint64_t told, told_reader b, told_reader j, desk_ports p,
       const clock& t, const desk_options& o)
      : room{std::move(r)},
        bus_reader{std::move(b)},
        journal_reader{std::move(j)},
        ports{std::move(p)},
        time{t},
        options{o},
        tasks{o.capacity} {
    last_seq = room->core().last_seq();
    told_bus = dropped_bus = told;
  }

  void run() {
    log::rate_limit limit{log_every_ns};
    while (true) {
      const bool is_last = tasks.is_closed();
      auto batch = tasks.take(beat);
      confirmed_numbers confirmed{newly(told_bus, dropped_bus),
                                  newly(told_journal, dropped_journal)};
      // What was told is forgotten with the next batch; alone it is not worth a sync of the disk.
      if (batch.empty() && ++idle_beats % 10 != 0) confirmed = {};
      auto outcome = room->run(std::move(batch), confirmed, {time.mono(), time.utc()});
      publish_counts();
      if (outcome.failure) {
        ++disk_failures;
        if (const auto n = limit.pass(time.mono()))
          log::error("incidents: {} are not on disk yet, tried {} times: {}", outcome.again.size(),
                     n, to_string(*outcome.failure));
        if (is_last) return;
        tasks.push_again(std::move(outcome.again));
        std::this_thread::sleep_for(options.retry_every);
        continue;
      }
      ++commits;
      if (confirmed.bus > 0) dropped_bus = confirmed.bus;
      if (confirmed.journal > 0) dropped_journal = confirmed.journal;
      last_seq = room->core().last_seq();
      for (const auto& due : outcome.sends) ports.send(due);
      if (outcome.has_bus_rows) bus->wake();
      if (outcome.has_journal_rows) clerk->wake();
      if (is_last) return;
    }
  }
  template <class Number>
  static Number newly(const std::atomic<Number>& told, Number dropped) {
    const Number now = told;
    return now > dropped ? now : 0;
  }
  void publish_counts() {
    std::lock_guard lock{counts_mutex};
    counted = room->core().counts();
  }

  result<std::size_t> tell_bus() {
    const auto rows = bus_reader.bus_after(told_bus, options.publish_batch);
    if (!rows) return tl::unexpected{rows.error()};
    if (rows->empty()) return 0;
    if (auto done = ports.publish(*rows); !done) return tl::unexpected{done.error()};
    told_bus = rows->back().seq;
    return rows->size();
  }
  result<std::size_t> tell_journal() {
    const auto rows = journal_reader.journal_after(told_journal, options.publish_batch);
    if (!rows) return tl::unexpected{rows.error()};
    if (rows->empty()) return 0;
    if (auto done = ports.journal(*rows); !done) return tl::unexpected{done.error()};
    told_journal = rows->back().number;
    return rows->size();
  }

  std::unique_ptr<desk_room> room;
  told_reader bus_reader;
  told_reader journal_reader;
  const desk_ports ports;
  const clock& time;
  const desk_options options;
  intake tasks;
  std::atomic<std::uint64_t> told_bus{0};
  std::atomic<std::int64_t> told_journal{0};
  std::uint64_t dropped_bus = 0;     // of the desk's thread
  std::int64_t dropped_journal = 0;  // of the desk's thread
  std::uint64_t idle_beats = 0;      // of the desk's thread
  std::atomic<std::uint64_t> last_seq{0};
  std::atomic<std::uint64_t> commits{0};
  std::atomic<std::uint64_t> disk_failures{0};
  std::atomic<std::uint64_t> turned_away{0};
  mutable std::mutex counts_mutex;
  core_counts counted;
  std::unique_ptr<teller> bus;
  std::unique_ptr<teller> clerk;
  std::thread thread;
};

incident_desk::incident_desk(std::unique_ptr<core> c) : core_{std::move(c)} {
  auto* const inside = core_.get();
  inside->bus = std::make_unique<teller>("bus", inside->time, inside->options.retry_every,
                                         [inside] { return inside->tell_bus(); });
  inside->clerk = std::make_unique<teller>("journal", inside->time, inside->options.retry_every,
                                           [inside] { return inside->tell_journal(); });
  inside->thread = std::thread{[inside] { inside->run(); }};
}

result<std::unique_ptr<incident_desk>> incident_desk::open(const std::filesystem::path& file,
                                                           const std::string& fresh_name,
                                                           desk_ports ports, const clock& time,
                                                           desk_options options) {
  auto room = desk_room::open(file, fresh_name, ports.core, options.rules, options.deliveries,
                              {time.mono(), time.utc()});
  if (!room) return tl::unexpected{room.error()};
  const auto told = (*room)->store().told_through();
  if (!told) return tl::unexpected{told.error()};
  auto bus = told_reader::open(file);
  if (!bus) return tl::unexpected{bus.error()};
  auto journal = told_reader::open(file);
  if (!journal) return tl::unexpected{journal.error()};
  return std::unique_ptr<incident_desk>{new incident_desk{
      std::make_unique<core>(*std::move(room), *told, *std::move(bus), *std::move(journal),
                             std::move(ports), time, options)}};
}

incident_desk::~incident_desk() {
  core_->tasks.close();
  core_->thread.join();
  core_->bus->stop();
  core_->clerk->stop();
}

bool incident_desk::post(desk_task task) {
  if (core_->tasks.push(std::move(task))) return true;
  ++core_->turned_away;
  return false;
}

desk_counts incident_desk::counts() const {
  desk_counts out;
  {
    std::lock_guard lock{core_->counts_mutex};
    out.core = core_->counted;
  }
  out.commits = core_->commits;
  out.disk_failures = core_->disk_failures;
  out.turned_away = core_->turned_away;
  const std::uint64_t last = core_->last_seq;
  const std::uint64_t told = core_->told_bus;
  out.bus_waiting = last > told ? last - told : 0;
  out.intake = core_->tasks.waiting();
  return out;
}

}  // namespace vigie::incidents
