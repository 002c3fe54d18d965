// SPDX-License-Identifier: Apache-2.0
#include "analytics/child/picture_service.hpp"

extern "C" {
#include <libavutil/log.h>
}
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analytics/child/picture_decoder.hpp"
#include "analytics/probe_wire.hpp"
#include "plugin_host/sandbox.hpp"

namespace vigie::analytics::child {
namespace {

constexpr std::size_t read_chunk_bytes = 256 * 1024;
constexpr std::size_t max_pending_bytes = 32U << 20;
constexpr int decoder_threads = 2;

struct job {
  wire::frame_header header;
  std::vector<std::uint8_t> annex_b;
  std::optional<luma_grid> grid;
};

bool write_all(int channel, const void* bytes, std::size_t size) {
  const auto* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const auto wrote = ::write(channel, at, size);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    at += wrote;
    size -= static_cast<std::size_t>(wrote);
  }
  return true;
}

/// Takes every complete frame out of `pending`. False when a bound is broken.
bool take_jobs(std::vector<std::uint8_t>& pending, std::vector<job>& jobs) {
  std::size_t used = 0;
  while (pending.size() - used >= sizeof(wire::frame_header)) {
    job next;
    std::memcpy(&next.header, pending.data() + used, sizeof next.header);
    const auto& h = next.header;
    if (h.sps_bytes > wire::max_parameter_set_bytes ||
        h.pps_bytes > wire::max_parameter_set_bytes || h.data_bytes > wire::max_frame_bytes)
      return false;
    const std::size_t body = std::size_t{h.sps_bytes} + h.pps_bytes + h.data_bytes;
    if (pending.size() - used - sizeof h < body) break;
    const std::span bytes{pending.data() + used + sizeof h, body};
    next.annex_b = to_annex_b(bytes.first(h.sps_bytes), bytes.subspan(h.sps_bytes, h.pps_bytes),
                              bytes.subspan(std::size_t{h.sps_bytes} + h.pps_bytes));
    jobs.push_back(std::move(next));
    used += sizeof h + body;
  }
  pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(used));
  return true;
}

/// Each camera's previous grid, by camera index.
using grid_memory = std::unordered_map<std::uint32_t, luma_grid>;

wire::measure answer(job& done, grid_memory& memory) {
  wire::measure measure;
  measure.camera_index = done.header.camera_index;
  measure.arrival_mono_ns = done.header.arrival_mono_ns;
  measure.capture_utc_us = done.header.capture_utc_us;
  if (!done.grid) return measure;
  measure.decoded = 1;
  const auto dark = darkness_of(*done.grid);
  measure.dark_share = dark.share;
  measure.dark_core_share = dark.core_share;
  auto& previous = memory[measure.camera_index];
  if (!previous.empty()) {
    const auto change = change_between(previous, *done.grid);
    measure.change = change.largest;
    measure.change_without_overlay = change.without_overlay;
  }
  previous = std::move(*done.grid);
  return measure;
}

}  // namespace

int serve_pictures(int channel) {
  av_log_set_level(AV_LOG_QUIET);  // a camera's broken frame is a measure, not a line of log
  wire::hello hello;
  hello.sandbox_layers = plugin_host::enter_sandbox({});
  if (!write_all(channel, &hello, sizeof hello)) return 1;

  tbb::task_arena arena{decoder_threads};
  tbb::enumerable_thread_specific<picture_decoder> decoders;
  grid_memory memory;
  std::vector<std::uint8_t> pending;
  std::vector<std::uint8_t> chunk(read_chunk_bytes);
  while (true) {
    const auto got = ::read(channel, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return 0;
    pending.insert(pending.end(), chunk.begin(), chunk.begin() + got);
    std::vector<job> jobs;
    if (pending.size() > max_pending_bytes || !take_jobs(pending, jobs)) return 2;
    arena.execute([&] {
      tbb::parallel_for(std::size_t{0}, jobs.size(), [&](std::size_t i) {
        jobs[i].grid = decoders.local().decode(jobs[i].annex_b);
      });
    });
    for (auto& done : jobs) {
      const auto measure = answer(done, memory);
      if (!write_all(channel, &measure, sizeof measure)) return 1;
    }
  }
}

}  // namespace vigie::analytics::child
