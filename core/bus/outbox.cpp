// SPDX-License-Identifier: Apache-2.0
#include "bus/outbox.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/bounded_queue.hpp"
#include "base/log.hpp"
#include "bus/codec.hpp"

namespace vigie::bus {
namespace {

using namespace std::chrono_literals;

constexpr mono_ns log_every_ns = 5'000'000'000;

/// Empty when the event cannot travel on any bus.
std::optional<outbox_store::item> to_item(const event_message& e) {
  outbox_store::item item{
      e.id, {subject::event(e.commune, e.site, e.camera, e.type), encode(e)}, e.stamp.at};
  if (e.id.empty() || !subject::is_publishable(item.message.subject) ||
      item.message.body.size() > max_body_bytes)
    return std::nullopt;
  return item;
}

}  // namespace

struct outbox::core {
  core(outbox_store s, std::uint64_t found, bus& b, const clock& c, const outbox_options& o)
      : to{b}, time{c}, options{o}, queue{o.queue_capacity}, store{std::move(s)}, rows{found} {}

  /// False once the outbox ends.
  bool pause(std::chrono::milliseconds wait) {
    std::unique_lock lock{mutex};
    return !wake.wait_for(lock, wait, [&] { return ending; });
  }

  void write_events() {
    log::rate_limit limit{log_every_ns};
    while (!queue.finished()) {
      const auto events = queue.take_all(std::chrono::milliseconds{500});
      if (events.empty()) continue;
      std::vector<outbox_store::item> items;
      items.reserve(events.size());
      for (const auto& event : events) {
        auto item = to_item(event);
        if (item) {
          items.push_back(*std::move(item));
        } else {
          ++refused;
          log::error("outbox: event of type {} cannot be published and was refused", event.type);
        }
      }
      save(items, limit);
      queued -= events.size();
    }
  }

  void save(const std::vector<outbox_store::item>& items, log::rate_limit& limit) {
    while (!items.empty()) {
      result<std::size_t> fresh = 0;
      {
        std::lock_guard lock{mutex};
        fresh = store.record(items);
        if (fresh) rows += *fresh;
      }
      if (fresh) return wake.notify_all();
      ++disk_failures;
      if (const auto n = limit.pass(time.mono()))
        log::error("outbox: {} events are not on disk yet, tried {} times: {}", items.size(), n,
                   to_string(fresh.error()));
      if (!pause(options.retry_every)) {
        refused += items.size();
        log::error("outbox: {} events could not be kept before the end", items.size());
        return;
      }
    }
  }

  void publish_events() {
    log::rate_limit limit{log_every_ns};
    bool is_full_prune = true;
    while (true) {
      result<outbox_store::pending> found;
      {
        std::unique_lock lock{mutex};
        const bool is_due = wake.wait_for(lock, is_full_prune ? 0ms : options.prune_every,
                                          [&] { return ending || rows > 0; });
        if (ending) return;
        if (!is_due) {
          is_full_prune = prune();
          continue;
        }
        found = store.oldest(options.batch);
      }
      const auto outcome = found ? deliver(*found) : tl::unexpected{found.error()};
      if (outcome) continue;
      if (const auto n = limit.pass(time.mono()))
        log::warn("outbox: {} events wait, tried {} times: {}", rows.load(), n,
                  to_string(outcome.error()));
      if (!pause(options.retry_every)) return;
    }
  }

  result<void> deliver(const outbox_store::pending& found) {
    if (auto sent = to.publish_confirmed(found.messages, options.confirm_within); !sent)
      return sent;
    std::lock_guard lock{mutex};
    if (auto done = store.confirm_through(found.last_row); !done) return done;
    rows -= found.messages.size();
    confirmed += found.messages.size();
    prune();
    return {};
  }

  /// One bounded batch. True: there may be more to remove.
  bool prune() {
    const auto gone = store.prune(time.utc(), options.keep);
    if (gone) return *gone == options.keep.prune_batch;
    log::warn("outbox: old events could not be removed: {}", to_string(gone.error()));
    return false;
  }

  bus& to;
  const clock& time;
  const outbox_options options;
  bounded_queue<event_message> queue;
  std::mutex mutex;  ///< guards store and ending; never held while the bus is waited for
  std::condition_variable wake;
  bool ending = false;
  outbox_store store;
  std::mutex full_mutex;
  log::rate_limit full_limit{log_every_ns};
  std::atomic<std::uint64_t> queued = 0;
  std::atomic<std::uint64_t> rows;
  std::atomic<std::uint64_t> confirmed = 0;
  std::atomic<std::uint64_t> refused = 0;
  std::atomic<std::uint64_t> disk_failures = 0;
  std::thread writer;
  std::thread publisher;
};

outbox::outbox(std::unique_ptr<core> c) : core_{std::move(c)} {
  core_->writer = std::thread{[this] { core_->write_events(); }};
  core_->publisher = std::thread{[this] { core_->publish_events(); }};
}

result<std::unique_ptr<outbox>> outbox::open(const std::filesystem::path& file, bus& to,
                                             const clock& time, outbox_options options) {
  auto store = outbox_store::open(file);
  if (!store) return tl::unexpected{store.error()};
  const auto found = store->waiting();
  if (!found) return tl::unexpected{found.error()};
  return std::unique_ptr<outbox>{
      new outbox{std::make_unique<core>(*std::move(store), *found, to, time, options)}};
}

outbox::~outbox() {
  core_->queue.close();
  // A disk that refuses must not keep the process: the writer gives up at its next pause.
  {
    std::lock_guard lock{core_->mutex};
    core_->ending = true;
  }
  core_->wake.notify_all();
  core_->writer.join();
  core_->publisher.join();
}

bool outbox::post(event_message event) {
  ++core_->queued;
  if (core_->queue.try_push(std::move(event))) return true;
  --core_->queued;
  ++core_->refused;
  std::lock_guard lock{core_->full_mutex};
  if (const auto n = core_->full_limit.pass(core_->time.mono()))
    log::error("outbox: the queue is full, {} events were refused, the last of type {}", n,
               event.type);
  return false;
}

outbox_counts outbox::counts() const {
  return {core_->queued + core_->rows, core_->confirmed, core_->refused, core_->disk_failures};
}

}  // namespace vigie::bus
