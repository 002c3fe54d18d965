// SPDX-License-Identifier: Apache-2.0
// Every hostile plugin ends as the fault its line of plugins.json names, and nobody else notices.
#include <doctest/doctest.h>
#include <sys/prctl.h>

#include "evil/arena.hpp"

namespace {

using namespace vigie;
using namespace vigie::test;
using plugin_host::isolation;

/// Processes whose parent is this one; those left alone by theirs come to it, too.
std::string children_left() {
  std::string left;
  for (const auto& process : std::filesystem::directory_iterator{"/proc"}) {
    if (!std::isdigit(static_cast<unsigned char>(process.path().filename().string()[0]))) continue;
    std::ifstream stat{process.path() / "stat"};
    std::string text{std::istreambuf_iterator<char>{stat}, {}};
    const auto end = text.rfind(')');
    if (end == std::string::npos) continue;
    if (std::atoi(text.c_str() + end + 4) == ::getpid()) left += text.substr(0, end + 3) + "\n";
  }
  return left;
}

void let_in(const evil_entry& entry, isolation how) {
  CAPTURE(entry.name);
  const auto& faults = how == isolation::child ? entry.faults : entry.in_process;
  {
    arena one;
    one.load(entry.name, how);
    const bool named =
        one.provoke(entry, [&] { return one.seen().has(entry.id(), faults, entry.any); });
    CHECK_MESSAGE(named, "expected " << nlohmann::json(faults).dump() << ", saw\n"
                                     << one.seen().story());
    CHECK_MESSAGE(one.neighbour_was_left_alone(), "the neighbour noticed\n" << one.seen().story());
    CHECK(one.seen().faults_of("evil.neighbour") == 0);
    CHECK(one.seen().escapes() == "");
    const bool may_reach_cameras = entry.permissions.find("camera") != std::string::npos;
    CHECK(!one.reached().was_reached(!may_reach_cameras));
  }
  CHECK(children_left() == "");
}

/// VIGIE_EVIL_ONLY=name runs one plugin alone.
void let_all_in(isolation how, auto belongs) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const auto only = from_environment("VIGIE_EVIL_ONLY", "").string();
  for (const auto& entry : read_table())
    if (belongs(entry) && (only.empty() || only == entry.name)) let_in(entry, how);
}

bool hangs(const evil_entry& entry) {
  return std::find(entry.faults.begin(), entry.faults.end(), "hung") != entry.faults.end();
}

}  // namespace

TEST_CASE("evil: what crashes, throws or floods in a child ends as its named fault") {
  let_all_in(isolation::child, [](const auto& e) { return e.when != "frame" && !hangs(e); });
}

TEST_CASE("evil: what abuses pictures and events in a child ends as its named fault") {
  let_all_in(isolation::child, [](const auto& e) { return e.when == "frame" && !hangs(e); });
}

TEST_CASE("evil: what hangs in a child ends as its named fault") {
  let_all_in(isolation::child, hangs);
}

TEST_CASE("evil: a permitted address is reached in every way, and a slow peer is no hang") {
  arena one;
  one.load("polite", isolation::child);
  const evil_entry once{"polite", "protocol", "call", "", {}, {}, false};
  REQUIRE_MESSAGE(one.provoke(once, [&] { return !one.seen().polite().empty(); }),
                  one.seen().story());
  CHECK(one.seen().polite().front() == "all tried");
  CHECK(one.seen().story() == "");
  CHECK(one.reached().was_reached(true));
  CHECK(!one.reached().was_reached(false));
}

TEST_CASE("evil: what can be named in process is named in process") {
  let_all_in(isolation::in_process,
             [](const auto& e) { return !e.in_process.empty() && !hangs(e); });
}

// Last: the threads these leave behind compute until the test's process ends.
TEST_CASE("evil: what hangs in process is named and abandoned") {
  let_all_in(isolation::in_process,
             [](const auto& e) { return !e.in_process.empty() && hangs(e); });
}
