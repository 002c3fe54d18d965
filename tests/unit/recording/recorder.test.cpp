// SPDX-License-Identifier: Apache-2.0
#include "recording/recorder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/time_text.hpp"
#include "recording_lab.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;
using namespace vigie::recording;
using namespace std::chrono_literals;
using vigie::test::is_run;
using vigie::test::recording_lab;
using vigie::test::unit_source;

TEST_CASE("recorder: every picture reaches the disk, the index and the report") {
  recording_lab lab;
  recorder engine{recording_lab::by_hand(), lab.files, lab.time, lab.indexes, lab.listener()};
  const auto sink = engine.make_sink(camera_id{"cam-0001"});
  unit_source source;
  for (int i = 0; i < 24 * 100; ++i) {
    lab.show(*sink, source);
    engine.pump();
  }
  sink->on_end_of_session();
  CHECK(engine.stop(1s));
  CHECK(is_run(lab.pictures_of("cam-0001"), 1, 2400));

  const auto rows = lab.rows();
  CHECK(rows.size() == 4);  // 200 s in files of a minute
  std::uint64_t frames = 0;
  for (const auto& row : rows) {
    CHECK(row.state == segment_state::closed);
    CHECK(row.codecs == "avc1.4d401e");
    CHECK(row.width_px == 640);
    CHECK(row.bytes == lab.files.size(lab.folder.path() / segment_path(row.key)));
    frames += row.frames;
  }
  CHECK(frames == 2400);
  const auto& report = lab.reports.at("cam-0001");
  CHECK(report.written_frames == 2400);
  CHECK_FALSE(report.trouble);
  CHECK(report.last_durable_mono_ns == 2399LL * 83'333'000 + 1);
  CHECK(lab.report_count <= 202);  // at most one a second
  CHECK(engine.totals().dropped_gops == 0);
  CHECK(engine.totals().queued_bytes == 0);
  CHECK(engine.totals().cameras == 0);
}

TEST_CASE("recorder: many cameras share one transaction a second and one append a pass") {
  recording_lab lab;
  recorder engine{recording_lab::by_hand(), lab.files, lab.time, lab.indexes, lab.listener()};
  std::vector<ingest::sink_ptr> sinks;
  std::vector<unit_source> sources(50);
  for (std::size_t i = 0; i < 50; ++i)
    sinks.push_back(engine.make_sink(camera_id{"cam-" + std::to_string(i)}));
  for (int picture = 0; picture < 24 * 4; ++picture)
    for (std::size_t i = 0; i < 50; ++i) lab.show(*sinks[i], sources[i]);
  engine.pump();
  CHECK(lab.files.writes() == 50);  // three complete GOPs of each, gathered
  for (auto& sink : sinks) sink->on_end_of_session();
  CHECK(engine.stop(1s));
  for (std::size_t i = 0; i < 50; ++i)
    CHECK(is_run(lab.pictures_of("cam-" + std::to_string(i)), 1, 96));
}

TEST_CASE("recorder: a writer that cannot follow costs whole GOPs, counted, and the rest plays") {
  recording_lab lab;
  auto options = recording_lab::by_hand();
  options.camera_queue_bytes = 60'000;
  recorder engine{options, lab.files, lab.time, lab.indexes, lab.listener()};
  const auto sink = engine.make_sink(camera_id{"cam-0001"});
  unit_source source;
  for (int i = 0; i < 24 * 20 + 1; ++i) lab.show(*sink, source, 1000);  // 24 KB a GOP: 2 fit
  engine.pump();
  CHECK(engine.totals().dropped_gops == 18);
  for (int i = 0; i < 24 * 2; ++i) lab.show(*sink, source, 1000);
  sink->on_end_of_session();
  engine.pump();
  CHECK(engine.stop(1s));
  const auto numbers = lab.pictures_of("cam-0001");
  REQUIRE(numbers.size() == 24 * 2 + 25 + 24);
  CHECK(is_run({numbers.begin(), numbers.begin() + 48}, 1, 48));
  CHECK(is_run({numbers.begin() + 48, numbers.end()}, 24 * 20 + 1, 24 * 22 + 1));
  CHECK(lab.reports.at("cam-0001").dropped_gops == 18);
}

TEST_CASE("recorder: the whole queue is bounded, whatever the number of cameras") {
  recording_lab lab;
  auto options = recording_lab::by_hand();
  options.queue_bytes = 100'000;
  recorder engine{options, lab.files, lab.time, lab.indexes, lab.listener()};
  for (int camera = 0; camera < 20; ++camera) {
    const auto sink = engine.make_sink(camera_id{"cam-" + std::to_string(camera)});
    unit_source source;
    for (int i = 0; i < 49; ++i) lab.show(*sink, source, 1000);
    CHECK(engine.totals().queued_bytes <= 100'000);
  }
  CHECK(engine.totals().dropped_gops > 0);
  CHECK(engine.stop(1s));
}

TEST_CASE("recorder: a full disk is reported, costs whole GOPs and is left behind by itself") {
  recording_lab lab;
  recorder engine{recording_lab::by_hand(), lab.files, lab.time, lab.indexes, lab.listener()};
  const auto sink = engine.make_sink(camera_id{"cam-0001"});
  unit_source source;
  const auto run = [&](int pictures) {
    for (int i = 0; i < pictures; ++i) {
      lab.show(*sink, source, 1000);
      engine.pump();
    }
  };
  run(24 * 5);
  lab.files.set_capacity(130'000);
  run(24 * 20);
  const auto& report = lab.reports.at("cam-0001");
  REQUIRE(report.trouble);
  CHECK(report.trouble->code == errc::disk_full);
  lab.files.set_capacity({});
  run(24 * 5);
  CHECK_FALSE(report.trouble);
  sink->on_end_of_session();
  CHECK(engine.stop(1s));
  for (const auto& row : lab.rows()) {
    CHECK(row.state == segment_state::closed);
    CHECK(row.bytes == lab.files.size(lab.folder.path() / segment_path(row.key)));
    const auto numbers = lab.pictures_in(lab.folder.path() / segment_path(row.key));
    REQUIRE_FALSE(numbers.empty());
    CHECK(numbers.size() == row.frames);
    CHECK(numbers.front() % 24 == 1);  // a key frame
    CHECK(is_run(numbers, numbers.front(), numbers.back()));
  }
  CHECK(lab.pictures_of("cam-0001").back() == 24 * 30);
}

TEST_CASE("recorder: a write that fails anywhere leaves only whole files and goes on") {
  for (std::uint64_t count = 1; count <= 4; ++count) {
    CAPTURE(count);
    recording_lab lab;
    recorder engine{recording_lab::by_hand(), lab.files, lab.time, lab.indexes, lab.listener()};
    const auto sink = engine.make_sink(camera_id{"cam-0001"});
    unit_source source;
    for (int i = 0; i < 24 * 30; ++i) {
      if (i == 24 * 10 + 5) lab.files.fail_writes(errc::disk_failed, count);
      lab.show(*sink, source);
      engine.pump();
    }
    sink->on_end_of_session();
    CHECK(engine.stop(1s));
    CHECK(engine.totals().write_failures >= 1);
    CHECK_FALSE(lab.reports.at("cam-0001").trouble);
    const auto numbers = lab.pictures_of("cam-0001");
    CHECK(numbers.back() == 24 * 30);
    CHECK(numbers.size() >= 24 * (30 - 2 * count - 1));
    CHECK(std::is_sorted(numbers.begin(), numbers.end()));
  }
}

TEST_CASE("recorder: pictures that claim another year are filed at their arrival") {
  recording_lab lab;
  recorder engine{recording_lab::by_hand(), lab.files, lab.time, lab.indexes, lab.listener()};
  const auto sink = engine.make_sink(camera_id{"cam-0001"});
  const auto ten_years = std::chrono::hours{24 * 3650};
  unit_source source{lab.time.utc() + std::chrono::microseconds{ten_years}.count()};
  for (int i = 0; i < 24; ++i) {
    sink->on_access_unit(source.next());
    lab.time.advance(83'333us);
  }
  sink->on_end_of_session();
  CHECK(engine.stop(1s));
  REQUIRE(lab.rows().size() == 1);
  CHECK(lab.rows()[0].key.start_utc_us == 1'795'291'200'000'000);
}

TEST_CASE("recorder: an index that fails is reported and the recording goes on") {
  recording_lab lab;
  // A folder stands where the day's index belongs.
  const auto day = to_text(day_of(lab.time.utc()));
  std::filesystem::create_directories(lab.folder.path() / day / "index.db" / "in the way");
  recorder engine{recording_lab::by_hand(), lab.files, lab.time, lab.indexes, lab.listener()};
  const auto sink = engine.make_sink(camera_id{"cam-0001"});
  unit_source source;
  for (int i = 0; i < 24 * 4; ++i) {
    lab.show(*sink, source);
    engine.pump();
  }
  CHECK(lab.reports.at("cam-0001").trouble->code == errc::db_failed);
  std::filesystem::remove_all(lab.folder.path() / day);
  for (int i = 0; i < 24 * 2; ++i) {
    lab.show(*sink, source);
    engine.pump();
  }
  CHECK_FALSE(lab.reports.at("cam-0001").trouble);
  sink->on_end_of_session();
  CHECK(engine.stop(1s));
  CHECK(is_run(lab.pictures_of("cam-0001"), 1, 24 * 6));
  REQUIRE(lab.rows().size() == 1);
  CHECK(lab.rows()[0].frames == 24 * 6);
}

TEST_CASE("recorder: a sink may outlive the recorder and then records nothing") {
  recording_lab lab;
  ingest::sink_ptr sink;
  {
    recorder engine{recording_lab::by_hand(), lab.files, lab.time, lab.indexes, lab.listener()};
    sink = engine.make_sink(camera_id{"cam-0001"});
  }
  unit_source source;
  for (int i = 0; i < 50; ++i) lab.show(*sink, source);
  sink->on_end_of_session();
  CHECK(lab.files.files().empty());
}

TEST_CASE("recorder: writer threads on a real disk lose nothing and stop in time") {
  vigie::test::memory_folder folder;
  const auto files = make_posix_disk();
  vigie::system_clock time;
  day_indexes indexes{folder.path()};
  recorder_options options;
  options.writers = 2;
  std::mutex guard;
  std::map<std::string, std::uint64_t> frames;
  recorder engine{options, *files, time, indexes, [&](const recording_report& report) {
                    std::lock_guard lock{guard};
                    frames[report.camera.str()] = report.written_frames;
                  }};
  constexpr std::size_t cameras = 8;
  std::vector<ingest::sink_ptr> sinks;
  std::vector<unit_source> sources(cameras, unit_source{time.utc()});
  for (std::size_t i = 0; i < cameras; ++i)
    sinks.push_back(engine.make_sink(camera_id{"cam-" + std::to_string(i)}));
  for (int picture = 0; picture < 24 * 10; ++picture)
    for (std::size_t i = 0; i < cameras; ++i) sinks[i]->on_access_unit(sources[i].next());
  CHECK(engine.flush(10s));
  const catalogue shown{indexes};
  CHECK(shown.totals()->frames == cameras * 24 * 9);  // the tenth GOP is still open
  CHECK(engine.totals().cameras == cameras);
  for (auto& sink : sinks) sink->on_end_of_session();
  CHECK(engine.stop(10s));
  CHECK(shown.totals()->frames == cameras * 24 * 10);
  std::lock_guard lock{guard};
  for (const auto& [camera, count] : frames) CHECK(count == 240);
}

TEST_CASE("recorder: a hung disk never blocks a sink, and stopping has a deadline") {
  /// Appends wait until the test lets go.
  struct hung_disk final : disk {
    std::mutex guard;
    std::condition_variable changed;
    bool is_hung = true;
    vigie::test::memory_disk below;
    result<std::uint64_t> append(const std::filesystem::path& path,
                                 std::span<const byte_view> parts) override {
      std::unique_lock lock{guard};
      changed.wait(lock, [&] { return !is_hung; });
      return below.append(path, parts);
    }
    result<std::vector<std::uint8_t>> read(const std::filesystem::path& path, std::uint64_t offset,
                                           std::size_t length) override {
      return below.read(path, offset, length);
    }
    result<std::uint64_t> size(const std::filesystem::path& path) override {
      return below.size(path);
    }
    result<void> truncate(const std::filesystem::path& path, std::uint64_t size) override {
      return below.truncate(path, size);
    }
    result<void> remove(const std::filesystem::path& path) override { return below.remove(path); }
    result<void> sync(const std::filesystem::path& path) override { return below.sync(path); }
    result<std::vector<std::string>> list(const std::filesystem::path& folder) override {
      return below.list(folder);
    }
    result<std::uint64_t> free_bytes(const std::filesystem::path& folder) override {
      return below.free_bytes(folder);
    }
  };
  recording_lab lab;
  hung_disk files;
  auto options = recording_lab::by_hand();
  options.writers = 1;
  options.queue_bytes = 200'000;
  vigie::system_clock time;  // read by the writer while the test runs
  recorder engine{options, files, time, lab.indexes, {}};
  const auto sink = engine.make_sink(camera_id{"cam-0001"});
  unit_source source{time.utc()};
  for (int i = 0; i < 24 * 50; ++i) sink->on_access_unit(source.next(1000));
  CHECK(engine.totals().dropped_gops > 0);
  CHECK(engine.totals().queued_bytes <= 200'000);
  CHECK_FALSE(engine.flush(20ms));
  const auto queued = engine.totals().queued_bytes;
  CHECK(queued > 0);
  std::atomic<bool> is_stopping{false};
  std::thread release{[&] {
    is_stopping.wait(false);
    std::lock_guard lock{files.guard};
    files.is_hung = false;
    files.changed.notify_all();
  }};
  is_stopping = true;
  is_stopping.notify_all();
  const bool in_time = engine.stop(0ms);
  release.join();
  // Whichever came first, the deadline or the disk: what is claimed is true, what is there is
  // whole.
  if (in_time) CHECK(engine.totals().written_bytes == queued);
  CHECK(engine.totals().queued_bytes == 0);
  for (const auto& row : lab.rows())
    CHECK(row.bytes == files.size(lab.folder.path() / segment_path(row.key)).value_or(0));
}
