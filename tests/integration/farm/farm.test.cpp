// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "farm_process.hpp"
#include "raw_client.hpp"

namespace {

using namespace vigie::test;

constexpr std::uint16_t port = 23'554;
const std::string control = "127.0.0.1:23555";
constexpr unsigned gop = 12;

// One farm for all cases; each case has cameras of its own.
void need_farm() {
  static const farm_process farm{{"--cameras", "14", "--port", std::to_string(port), "--control",
                                  control, "--gop", std::to_string(gop), "--seconds", "170"}};
}

std::string id_of(unsigned camera) {
  return "cam-00" + std::string(camera < 10 ? "0" : "") + std::to_string(camera);
}

nlohmann::json stats_of(unsigned camera) {
  const nlohmann::json all = ask_stats(control);
  for (const auto& one : all["cameras"])
    if (one["id"] == id_of(camera)) return one;
  return {};
}

// Connects until the camera accepts again.
bool plays_within(unsigned camera, int ms) {
  const std::int64_t deadline = now_ms() + ms;
  while (now_ms() < deadline) {
    raw_client client{camera, port};
    if (client.state() == line_state::open && client.play() && client.frame(2000)) return true;
  }
  return false;
}

TEST_CASE("farm: a healthy camera sends contiguous frames with the times it promised") {
  need_farm();
  raw_client client{1, port};
  REQUIRE(client.play());
  unsigned promised_sequence = 0, promised_time = 0;
  const std::size_t info = client.answer().find("seq=");
  REQUIRE(info != std::string::npos);
  REQUIRE(std::sscanf(client.answer().c_str() + info, "seq=%u;rtptime=%u", &promised_sequence,
                      &promised_time) == 2);
  const auto report = client.packet(2000);
  REQUIRE(report);
  REQUIRE(report->channel == 1);
  const auto word = [&](std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
      value = value << 8 | static_cast<unsigned char>(report->data[at + i]);
    return value;
  };
  const double report_utc_s = word(8) - 2'208'988'800.0 + word(12) / 4294967296.0;
  const std::uint32_t report_rtp = word(16);

  auto before = client.frame(2000);
  REQUIRE(before);
  CHECK(before->key);
  CHECK(before->has_parameter_sets);
  CHECK(before->rtp_ts == promised_time);
  CHECK(before->camera == 1);
  for (unsigned i = 1; i < 3 * gop; ++i) {
    CAPTURE(i);
    const auto next = client.frame(2000);
    REQUIRE(next);
    CHECK(next->counter == before->counter + 1);
    CHECK(next->rtp_ts - before->rtp_ts == 7500);
    CHECK(next->key == (i % gop == 0));
    // Sending time and the report's clock agree within a busy machine's patience.
    const double mapped =
        report_utc_s + static_cast<std::int32_t>(next->rtp_ts - report_rtp) / 90'000.0;
    CHECK(std::abs(mapped - static_cast<double>(next->sent_us) * 1e-6) < 0.25);
    before = next;
  }
  CHECK(client.request("GET_PARAMETER") == 200);
  CHECK(client.request("SETUP", "/trackID=1",
                       "Transport: RTP/AVP;unicast;client_port=5000-5001\r\n") == 461);
  CHECK(client.request("TEARDOWN") == 200);
}

TEST_CASE("farm: ffmpeg plays three seconds and finds nothing wrong") {
  need_farm();
  const auto played = run_command(
      "timeout 30 ffmpeg -nostdin -v warning -xerror -err_detect explode -rtsp_transport tcp "
      "-i rtsp://vigie:vigie-demo@127.1.0.2:" +
      std::to_string(port) + "/stream -t 3 -f null -");
  CHECK(played.code == 0);
  CHECK(played.output == "");
}

TEST_CASE("farm: refuse cuts the session, refuses connections and heals by itself") {
  need_farm();
  raw_client client{3, port};
  REQUIRE(client.play());
  REQUIRE(client.frame(2000));
  REQUIRE(order_fault(control, id_of(3), "refuse", "1.5"));
  CHECK(client.wait_for_end(2000) != line_state::open);
  CHECK(raw_client(3, port).state() == line_state::refused);
  CHECK(plays_within(3, 10'000));
}

TEST_CASE("farm: rst resets the session and every new connection until healed") {
  need_farm();
  raw_client client{4, port};
  REQUIRE(client.play());
  REQUIRE(client.frame(2000));
  REQUIRE(order_fault(control, id_of(4), "rst"));
  CHECK(client.wait_for_end(2000) == line_state::reset);
  CHECK(raw_client(4, port).wait_for_end(2000) == line_state::reset);
  REQUIRE(order_fault(control, id_of(4), "none"));
  CHECK(plays_within(4, 5'000));
}

TEST_CASE("farm: silence sends nothing but answers, and resumes with a key picture") {
  need_farm();
  raw_client client{5, port};
  REQUIRE(client.play());
  REQUIRE(client.frame(2000));
  REQUIRE(order_fault(control, id_of(5), "silence"));
  std::uint64_t last = 0;
  while (const auto left = client.frame(300)) last = left->counter;
  CHECK(client.bytes_during(1200) == 0);
  CHECK(client.request("GET_PARAMETER") == 200);
  REQUIRE(order_fault(control, id_of(5), "none"));
  const auto resumed = client.frame(2000);
  REQUIRE(resumed);
  CHECK(resumed->key);
  CHECK(resumed->counter > last + 10);
}

TEST_CASE("farm: rtcp_only goes on with sender reports alone") {
  need_farm();
  raw_client client{6, port};
  REQUIRE(client.play());
  REQUIRE(client.frame(2000));
  REQUIRE(order_fault(control, id_of(6), "rtcp_only"));
  const std::int64_t begin = now_ms();
  unsigned reports = 0, late_video = 0;
  while (now_ms() < begin + 2200) {
    const auto packet = client.packet(static_cast<int>(begin + 2200 - now_ms()));
    if (!packet) break;
    if (packet->channel == 1) ++reports;
    if (packet->channel == 0 && now_ms() > begin + 300) ++late_video;
  }
  CHECK(reports >= 3);
  CHECK(late_video == 0);
}

TEST_CASE("farm: drip sends a byte a second and ends inside the framing") {
  need_farm();
  raw_client client{7, port};
  REQUIRE(client.play());
  REQUIRE(client.frame(2000));
  REQUIRE(order_fault(control, id_of(7), "drip"));
  while (client.frame(200)) {}
  const std::size_t dripped = client.bytes_during(3300);
  CHECK(dripped >= 2);
  CHECK(dripped <= 4);
  REQUIRE(order_fault(control, id_of(7), "none"));
  for (int i = 0; i < 20; ++i) REQUIRE(client.frame(2000));
}

TEST_CASE("farm: freeze repeats the last key picture while the counter advances") {
  need_farm();
  raw_client client{8, port};
  REQUIRE(client.play());
  raw_frame key;
  std::uint64_t last = 0;
  for (unsigned i = 0; i < gop + 3; ++i) {
    const auto frame = client.frame(2000);
    REQUIRE(frame);
    if (frame->key) key = *frame;
    last = frame->counter;
  }
  REQUIRE(order_fault(control, id_of(8), "freeze"));
  unsigned repeated_keys = 0, small = 0;
  for (unsigned i = 0; i < 4 * gop; ++i) {
    const auto frame = client.frame(2000);
    REQUIRE(frame);
    CHECK(frame->counter == ++last);
    // A key picture may still have come between the last one read and the order.
    if (frame->key && frame->picture != key.picture && repeated_keys == 0) key = *frame;
    if (frame->key && frame->picture == key.picture) ++repeated_keys;
    if (!frame->key && frame->bytes < 120) ++small;
  }
  CHECK(repeated_keys >= 2);
  CHECK(small >= 2 * (gop - 1));
}

TEST_CASE("farm: black starts at once with a key picture and costs almost nothing") {
  need_farm();
  raw_client client{9, port};
  REQUIRE(client.play());
  REQUIRE(client.frame(2000));
  const auto healthy = [&] {
    std::size_t bytes = 0;
    for (unsigned i = 0; i < gop; ++i)
      bytes += client.frame(2000).value_or(raw_frame{}).picture.size();
    return bytes;
  };
  const std::size_t before = healthy();
  REQUIRE(order_fault(control, id_of(9), "black"));
  while (const auto frame = client.frame(2000))
    if (frame->key) break;
  for (unsigned i = 0; i < gop; ++i) REQUIRE(client.frame(2000));
  CHECK(healthy() < before / 2);
}

TEST_CASE("farm: wrong_password cuts the session and refuses the right password") {
  need_farm();
  raw_client client{10, port};
  CHECK(raw_client(10, port).describe("not the password") == 401);
  REQUIRE(client.play());
  REQUIRE(order_fault(control, id_of(10), "wrong_password"));
  CHECK(client.wait_for_end(2000) != line_state::open);
  CHECK(raw_client(10, port).describe("vigie-demo") == 401);
  REQUIRE(order_fault(control, id_of(10), "none"));
  CHECK(raw_client(10, port).describe("vigie-demo") == 200);
}

TEST_CASE("farm: slow_start takes two seconds per answer") {
  need_farm();
  REQUIRE(order_fault(control, id_of(11), "slow_start"));
  raw_client client{11, port};
  const std::int64_t begin = now_ms();
  CHECK(client.request("OPTIONS") == 200);
  CHECK(now_ms() - begin >= 1950);
  CHECK(now_ms() - begin < 4000);
}

TEST_CASE("farm: statistics add up") {
  need_farm();
  unsigned received = 0;
  std::uint64_t first = 0, last = 0;
  {
    raw_client client{12, port};
    REQUIRE(client.play());
    for (; received < 15; ++received) {
      const auto frame = client.frame(2000);
      REQUIRE(frame);
      if (first == 0) first = frame->counter;
      last = frame->counter;
    }
    CHECK(stats_of(12)["sessions"] == 1);
  }
  nlohmann::json camera = stats_of(12);
  CHECK(camera["first_frame"] == first);
  CHECK(camera["last_frame"] >= last);
  CHECK(camera["sent_frames"].get<std::uint64_t>() ==
        camera["last_frame"].get<std::uint64_t>() - first + 1);
  CHECK(camera["sessions_total"] == 1);
  CHECK(camera["most_connections"] == 1);
  {
    raw_client one{12, port}, two{12, port};
    REQUIRE(one.play());
    REQUIRE(two.play());
  }
  {
    raw_client alone{12, port};
    REQUIRE(alone.play());
  }
  CHECK(stats_of(12)["most_connections"] == 2);
  CHECK(stats_of(13)["first_frame"].is_null());
  const auto all = ask_stats(control);
  std::uint64_t sum = 0;
  for (const auto& one : all["cameras"]) sum += one["sent_frames"].get<std::uint64_t>();
  CHECK(all["sent_frames"] == sum);
  CHECK(all["dropped_frames"] == 0);
}

TEST_CASE("farm: an order that makes no sense is refused with a reason") {
  need_farm();
  const auto refused = [](const std::string& camera, const std::string& fault) {
    return run_command(sim_program() + " fault --control " + control + " --camera " + camera +
                       " --fault " + fault);
  };
  CHECK(refused("cam-0999", "rst").code == 1);
  CHECK(refused("cam-0999", "rst").output.find("cam-0999") != std::string::npos);
  CHECK(refused("cam-0014", "melt").code == 1);
  CHECK(run_command(sim_program() + " stats --control 127.0.0.1:23999").code == 1);
}

TEST_CASE("farm: a scenario runs by its clock, and the report tells what was sent") {
  const auto folder = std::filesystem::temp_directory_path();
  const auto scenario = folder / "vigie-farm-test-scenario.toml";
  const auto report = folder / "vigie-farm-test-report.json";
  std::ofstream{scenario} << "[[step]]\nat_s = 2\ncameras = [\"cam-0002\"]\nfault = \"rst\"\n";
  farm_process farm{{"--cameras", "2", "--port", "23654", "--control", "", "--size", "320x240",
                     "--kbps", "128", "--seconds", "4", "--scenario", scenario.string(), "--report",
                     report.string()}};
  raw_client spared{1, 23'654}, cut{2, 23'654};
  REQUIRE(spared.play());
  REQUIRE(cut.play());
  CHECK(cut.wait_for_end(5000) == line_state::reset);
  CHECK(spared.frame(1000));
  CHECK(farm.wait() == 0);
  std::ifstream in{report};
  const auto told = nlohmann::json::parse(in);
  CHECK(told["cameras"].size() == 2);
  CHECK(told["cameras"][1]["fault"] == "rst");
  CHECK(told["cameras"][0]["sent_frames"].get<int>() >
        told["cameras"][1]["sent_frames"].get<int>());
  std::filesystem::remove(scenario);
  std::filesystem::remove(report);
}

}  // namespace
