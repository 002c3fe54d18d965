// SPDX-License-Identifier: Apache-2.0
#include "bus/outbox.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bus/codec.hpp"
#include "bus/memory_bus.hpp"
#include "bus/outbox_store.hpp"
#include "support/bus_samples.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::bus;
using namespace std::chrono_literals;
using test::temporary_folder;

namespace {

event_message event_number(int n) {
  auto e = test::sample_event();
  e.id = "e-" + std::to_string(n);
  return e;
}

std::vector<outbox_store::item> items_of(int first, int last) {
  std::vector<outbox_store::item> items;
  for (int n = first; n <= last; ++n)
    items.push_back({"e-" + std::to_string(n), {"vigie.v1.event.a.b.c.d", std::to_string(n)}});
  return items;
}

outbox_store opened(const std::filesystem::path& file) {
  auto store = outbox_store::open(file);
  REQUIRE(store.has_value());
  return *std::move(store);
}

/// A dashboard that remembers what it saw and can be waited for.
class reader {
 public:
  explicit reader(memory_bus& bus) {
    bus.subscribe(">", [this](const std::string&, const std::string& body) {
      std::lock_guard lock{mutex_};
      bodies_.push_back(body);
      arrived_.notify_all();
    });
  }
  /// False when `count` bodies have not come within 10 s.
  bool wait_for(std::size_t count) {
    std::unique_lock lock{mutex_};
    return arrived_.wait_for(lock, 10s, [&] { return bodies_.size() >= count; });
  }
  std::vector<std::string> bodies() {
    std::lock_guard lock{mutex_};
    return bodies_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::string> bodies_;
};

}  // namespace

TEST_CASE("outbox store: publishes in order of birth, and what was confirmed never again") {
  temporary_folder folder;
  auto store = opened(folder / "outbox.db");
  memory_bus bus;
  reader dashboard{bus};
  CHECK(store.record(items_of(1, 5)).value_or(0) == 5);
  CHECK(store.publish_oldest(bus, 3, 1s).value_or(0) == 3);
  CHECK(store.waiting().value_or(0) == 2);
  CHECK(store.publish_oldest(bus, 3, 1s).value_or(0) == 2);
  CHECK(store.publish_oldest(bus, 3, 1s).value_or(9) == 0);
  CHECK(dashboard.bodies() == std::vector<std::string>{"1", "2", "3", "4", "5"});
}

TEST_CASE("outbox store: an event recorded twice waits once") {
  temporary_folder folder;
  auto store = opened(folder / "outbox.db");
  CHECK(store.record(items_of(1, 3)).value_or(0) == 3);
  CHECK(store.record(items_of(2, 4)).value_or(0) == 1);
  CHECK(store.waiting().value_or(0) == 4);
}

TEST_CASE("outbox store: confirmed events are neither waiting nor recorded anew after reopening") {
  temporary_folder folder;
  memory_bus bus;
  reader dashboard{bus};
  {
    auto store = opened(folder / "outbox.db");
    REQUIRE(store.record(items_of(1, 4)).has_value());
    CHECK(store.publish_oldest(bus, 3, 1s).value_or(0) == 3);
  }
  auto store = opened(folder / "outbox.db");
  CHECK(store.waiting().value_or(0) == 1);
  CHECK(store.record(items_of(1, 5)).value_or(0) == 1);
  CHECK(store.publish_oldest(bus, 9, 1s).value_or(0) == 2);
  CHECK(dashboard.bodies() == std::vector<std::string>{"1", "2", "3", "4", "5"});
}

TEST_CASE("outbox store: only old or surplus confirmed events are pruned, a batch at a time") {
  temporary_folder folder;
  auto store = opened(folder / "outbox.db");
  memory_bus bus;
  constexpr utc_us day = 86'400'000'000;
  auto items = items_of(1, 100);
  for (std::size_t i = 0; i < items.size(); ++i) items[i].born_at = i < 40 ? day : 20 * day;
  REQUIRE(store.record(items).has_value());
  CHECK(store.prune(40 * day).value_or(9) == 0);
  REQUIRE(store.publish_oldest(bus, 90, 1s).value_or(0) == 90);
  const register_bounds bounds{.prune_batch = 25};
  CHECK(store.prune(31 * day, bounds).value_or(9) == 0);
  CHECK(store.prune(40 * day, bounds).value_or(0) == 25);
  CHECK(store.prune(40 * day, bounds).value_or(0) == 15);
  CHECK(store.prune(40 * day, bounds).value_or(9) == 0);
  CHECK(store.prune(40 * day, {.keep_rows = 30}).value_or(0) == 30);
  CHECK(store.prune(40 * day, {.keep_rows = 0}).value_or(0) == 20);
  CHECK(store.waiting().value_or(0) == 10);
}

TEST_CASE("outbox store: events that waited in a file of the first schema are still published") {
  temporary_folder folder;
  {
    auto db = storage::database::open(folder / "outbox.db", storage::durability::full);
    REQUIRE(db.has_value());
    REQUIRE(db->exec("CREATE TABLE waiting_event (row_number INTEGER PRIMARY KEY AUTOINCREMENT,"
                     " event_id TEXT NOT NULL UNIQUE, subject TEXT NOT NULL, body TEXT NOT NULL)"
                     " STRICT")
                .has_value());
    for (int n = 1; n <= 2; ++n)
      REQUIRE(db->run("INSERT INTO waiting_event (event_id, subject, body) VALUES (?, ?, ?)",
                      event_number(n).id, "vigie.v1.event.a.b.c.d", encode(event_number(n)))
                  .has_value());
    REQUIRE(db->set_user_version(1).has_value());
  }
  auto store = opened(folder / "outbox.db");
  memory_bus bus;
  reader dashboard{bus};
  CHECK(store.publish_oldest(bus, 9, 1s).value_or(0) == 2);
  CHECK(dashboard.bodies() ==
        std::vector<std::string>{encode(event_number(1)), encode(event_number(2))});
  CHECK(store.prune(test::sample_time + 86'400'000'000).value_or(9) == 0);
}

TEST_CASE("outbox store: a freeze between any two messages of a batch repeats and loses nothing") {
  for (std::size_t before = 0; before < 5; ++before) {
    temporary_folder folder;
    auto store = opened(folder / "outbox.db");
    memory_bus bus;
    reader dashboard{bus};
    REQUIRE(store.record(items_of(1, 5)).has_value());
    bus.freeze_after(before);
    CHECK(store.publish_oldest(bus, 5, 1s).error().code == errc::bus_down);
    CHECK(store.waiting().value_or(0) == 5);
    bus.set_link(link_state::connected);
    CHECK(store.publish_oldest(bus, 5, 1s).value_or(0) == 5);
    CHECK(dashboard.bodies().size() == before + 5);
  }
}

TEST_CASE("outbox store: a crash before the confirmation publishes again after reopening") {
  temporary_folder folder;
  memory_bus bus;
  reader dashboard{bus};
  {
    auto store = opened(folder / "outbox.db");
    REQUIRE(store.record(items_of(1, 4)).has_value());
    CHECK(store.publish_oldest(bus, 2, 1s).value_or(0) == 2);
    const auto found = store.oldest(2);
    REQUIRE(found.has_value());
    CHECK(bus.publish_confirmed(found->messages, 1s).has_value());
  }
  auto store = opened(folder / "outbox.db");
  CHECK(store.waiting().value_or(0) == 2);
  CHECK(store.publish_oldest(bus, 9, 1s).value_or(0) == 2);
  CHECK(dashboard.bodies() == std::vector<std::string>{"1", "2", "3", "4", "3", "4"});
}

TEST_CASE("outbox: what is posted reaches the bus in order, with its id") {
  temporary_folder folder;
  memory_bus bus;
  reader dashboard{bus};
  const manual_clock clock;
  auto box = outbox::open(folder / "outbox.db", bus, clock);
  REQUIRE(box.has_value());
  for (int n = 1; n <= 300; ++n) CHECK((*box)->post(event_number(n)));
  REQUIRE(dashboard.wait_for(300));
  const auto bodies = dashboard.bodies();
  for (int n = 1; n <= 300; ++n) {
    const auto e = decode<event_message>(bodies[static_cast<std::size_t>(n - 1)]);
    REQUIRE(e.has_value());
    CHECK(e->id == "e-" + std::to_string(n));
  }
}

TEST_CASE("outbox: events of a cut wait, survive a restart and are published afterwards") {
  temporary_folder folder;
  memory_bus bus;
  reader dashboard{bus};
  const manual_clock clock;
  const outbox_options fast{.retry_every = 1ms};
  bus.set_link(link_state::disconnected);
  {
    auto box = outbox::open(folder / "outbox.db", bus, clock, fast);
    REQUIRE(box.has_value());
    for (int n = 1; n <= 50; ++n) CHECK((*box)->post(event_number(n)));
    CHECK((*box)->counts().waiting == 50);
  }
  CHECK(dashboard.bodies().empty());
  auto box = outbox::open(folder / "outbox.db", bus, clock, fast);
  REQUIRE(box.has_value());
  CHECK((*box)->counts().waiting == 50);
  bus.set_link(link_state::connected);
  REQUIRE(dashboard.wait_for(50));
  CHECK(dashboard.bodies().front() == encode(event_number(1)));
  CHECK(dashboard.bodies().back() == encode(event_number(50)));
  CHECK((*box)->counts().refused == 0);
}

TEST_CASE("outbox: a full queue refuses and counts instead of blocking") {
  temporary_folder folder;
  memory_bus bus;
  const manual_clock clock;
  auto box = outbox::open(folder / "outbox.db", bus, clock, {.queue_capacity = 0});
  REQUIRE(box.has_value());
  CHECK_FALSE((*box)->post(event_number(1)));
  CHECK((*box)->counts().refused == 1);
  CHECK((*box)->counts().waiting == 0);
}

TEST_CASE("outbox: an event that no bus could carry is counted and does not hold up the others") {
  temporary_folder folder;
  memory_bus bus;
  reader dashboard{bus};
  const manual_clock clock;
  auto box = outbox::open(folder / "outbox.db", bus, clock);
  REQUIRE(box.has_value());
  auto odd = event_number(1);
  odd.type = "not a token";
  CHECK((*box)->post(odd));
  CHECK((*box)->post(event_number(2)));
  REQUIRE(dashboard.wait_for(1));
  CHECK(dashboard.bodies().front() == encode(event_number(2)));
  CHECK((*box)->counts().refused == 1);
}

TEST_CASE("outbox: a locked disk delays events, it does not lose them") {
  temporary_folder folder;
  memory_bus bus;
  reader dashboard{bus};
  const manual_clock clock;
  auto box = outbox::open(folder / "outbox.db", bus, clock, {.retry_every = 1ms});
  REQUIRE(box.has_value());
  {
    auto other = storage::database::open(folder / "outbox.db", storage::durability::full);
    REQUIRE(other.has_value());
    auto held = storage::transaction::begin(*other);
    REQUIRE(held.has_value());
    CHECK((*box)->post(event_number(1)));
    CHECK((*box)->counts().waiting == 1);
    CHECK(dashboard.bodies().empty());
  }
  REQUIRE(dashboard.wait_for(1));
  CHECK((*box)->counts().refused == 0);
}

TEST_CASE("outbox: confirmed events stay in the register and are not published after a restart") {
  temporary_folder folder;
  memory_bus bus;
  reader dashboard{bus};
  const manual_clock clock{test::sample_time};
  {
    auto box = outbox::open(folder / "outbox.db", bus, clock);
    REQUIRE(box.has_value());
    for (int n = 1; n <= 3; ++n) CHECK((*box)->post(event_number(n)));
    REQUIRE(dashboard.wait_for(3));
  }
  auto box = outbox::open(folder / "outbox.db", bus, clock);
  REQUIRE(box.has_value());
  CHECK((*box)->counts().waiting == 0);
  CHECK((*box)->post(event_number(4)));
  REQUIRE(dashboard.wait_for(4));
  CHECK(dashboard.bodies().back() == encode(event_number(4)));
}

TEST_CASE("outbox: what is too old leaves the register by itself") {
  temporary_folder folder;
  memory_bus bus;
  const manual_clock clock{test::sample_time + 31 * 86'400'000'000};
  {
    auto store = opened(folder / "outbox.db");
    auto items = items_of(1, 1200);
    for (auto& item : items) item.born_at = test::sample_time;
    REQUIRE(store.record(items).has_value());
    REQUIRE(store.publish_oldest(bus, 1200, 1s).value_or(0) == 1200);
  }
  auto box = outbox::open(folder / "outbox.db", bus, clock);
  REQUIRE(box.has_value());
  auto kept = storage::database::open(folder / "outbox.db", storage::durability::full);
  REQUIRE(kept.has_value());
  auto count = kept->prepare("SELECT count(*) FROM event_register");
  REQUIRE(count.has_value());
  const auto rows = [&] {
    REQUIRE(count->bind().has_value());
    REQUIRE(count->step().value_or(false));
    const auto found = count->get<int>(0);
    count->reset();
    return found;
  };
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (rows() > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK(rows() == 0);
}
