// SPDX-License-Identifier: Apache-2.0
#include "bus/event_register.hpp"

#include <doctest/doctest.h>

#include "bus/bus.hpp"
#include "bus/codec.hpp"
#include "bus/memory_bus.hpp"
#include "bus/outbox_store.hpp"
#include "support/bus_samples.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::bus;
using test::temporary_folder;

namespace {

constexpr utc_us second = 1'000'000;

/// A register with events e-1 … e-`count`, one a second, the first half of them confirmed.
struct filled {
  explicit filled(int count, std::string detail = "") {
    auto opened = outbox_store::open(folder / "outbox.db");
    REQUIRE(opened.has_value());
    std::vector<outbox_store::item> items;
    for (int n = 1; n <= count; ++n) {
      auto e = test::sample_event();
      e.id = "e-" + std::to_string(n);
      e.stamp.at = test::sample_time + n * second;
      e.detail = detail;
      items.push_back({e.id, {"vigie.v1.event.a.b.c.d", encode(e)}, e.stamp.at});
    }
    REQUIRE(opened->record(items).has_value());
    memory_bus bus;
    const auto half = static_cast<std::size_t>(count / 2);
    REQUIRE(opened->publish_oldest(bus, half, std::chrono::seconds{1}).has_value());
    store.emplace(*std::move(opened));
    auto reading = event_register::open(folder / "outbox.db");
    REQUIRE(reading.has_value());
    events.emplace(*std::move(reading));
  }
  events_reply ask(const events_recent_request& request) {
    auto found = events->recent(request);
    REQUIRE(found.has_value());
    return *std::move(found);
  }

  temporary_folder folder;
  std::optional<outbox_store> store;
  std::optional<event_register> events;
};

std::vector<std::string> ids(const events_reply& page) {
  std::vector<std::string> found;
  for (const auto& e : page.events) found.push_back(e.id);
  return found;
}

}  // namespace

TEST_CASE("event register: tells the last events first, confirmed or waiting") {
  filled f{6};
  const auto page = f.ask({"c-1"});
  CHECK(page.correlation == "c-1");
  CHECK(ids(page) == std::vector<std::string>{"e-6", "e-5", "e-4", "e-3", "e-2", "e-1"});
  CHECK_FALSE(page.more);
}

TEST_CASE("event register: pages follow each other without hole or repetition") {
  filled f{7};
  events_recent_request ask{"c-1"};
  ask.limit = 3;
  auto page = f.ask(ask);
  CHECK(ids(page) == std::vector<std::string>{"e-7", "e-6", "e-5"});
  CHECK(page.more);
  ask.before = page.events.back().id;
  page = f.ask(ask);
  CHECK(ids(page) == std::vector<std::string>{"e-4", "e-3", "e-2"});
  CHECK(page.more);
  ask.before = page.events.back().id;
  page = f.ask(ask);
  CHECK(ids(page) == std::vector<std::string>{"e-1"});
  CHECK_FALSE(page.more);
}

TEST_CASE(
    "event register: since leaves out what is older, an unknown cursor has nothing behind it") {
  filled f{5};
  events_recent_request ask{"c-1"};
  ask.since = test::sample_time + 4 * second;
  CHECK(ids(f.ask(ask)) == std::vector<std::string>{"e-5", "e-4"});
  ask.since.reset();
  ask.before = "e-99";
  CHECK(f.ask(ask).events.empty());
  CHECK_FALSE(f.ask(ask).more);
}

TEST_CASE("event register: an asker gets full pages of the own events, and no other") {
  filled f{9};
  const auto odd = [](const event_message& e) { return (e.id.back() - '0') % 2 == 1; };
  events_recent_request ask{"c-1"};
  ask.limit = 2;
  auto page = f.events->recent(ask, odd);
  REQUIRE(page.has_value());
  CHECK(ids(*page) == std::vector<std::string>{"e-9", "e-7"});
  CHECK(page->more);
  ask.before = "e-3";
  page = f.events->recent(ask, odd);
  REQUIRE(page.has_value());
  CHECK(ids(*page) == std::vector<std::string>{"e-1"});
  CHECK_FALSE(page->more);
}

TEST_CASE("event register: a page never outgrows a message and can be read back") {
  filled f{400, std::string(4000, 'x')};
  events_recent_request ask{std::string(128, 'c')};
  ask.limit = 500;
  std::size_t seen = 0;
  while (true) {
    const auto page = f.ask(ask);
    const auto text = encode(page);
    CHECK(text.size() <= max_reply_bytes);
    REQUIRE(decode<events_reply>(text).has_value());
    seen += page.events.size();
    if (!page.more) break;
    REQUIRE_FALSE(page.events.empty());
    ask.before = page.events.back().id;
  }
  CHECK(seen == 400);
}

TEST_CASE("event register: reads while the outbox holds the write lock") {
  filled f{2};
  auto other = storage::database::open(f.folder / "outbox.db", storage::durability::full);
  REQUIRE(other.has_value());
  auto held = storage::transaction::begin(*other);
  REQUIRE(held.has_value());
  CHECK(f.ask({"c-1"}).events.size() == 2);
}

TEST_CASE("event register: an event that cannot be read does not hide the others") {
  filled f{2};
  const outbox_store::item odd{"odd", {"vigie.v1.event.a.b.c.d", "{}"}, test::sample_time};
  REQUIRE(f.store->record({&odd, 1}).has_value());
  CHECK(ids(f.ask({"c-1"})) == std::vector<std::string>{"e-2", "e-1"});
}
