// SPDX-License-Identifier: Apache-2.0
#include "analytics/child/picture_service.hpp"

extern "C" {
#include <libavutil/log.h>
}
#include <sys/mman.h>
#include <sys/socket.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analytics/child/frame_intake.hpp"
#include "analytics/child/picture_decoder.hpp"
#include "analytics/decoder_wire.hpp"
#include "plugin_host/sandbox.hpp"

namespace vigie::analytics::child {
namespace {

constexpr std::size_t read_chunk_bytes = 256 * 1024;
constexpr std::size_t max_pending_bytes = 32U << 20;
constexpr int decoder_threads = 2;

struct job {
  frame_order order;
  decoded picture;
};

/// The memory the centre shares with us: where ordered pictures go.
struct shared_memory {
  std::uint8_t* bytes = nullptr;
  wire::memory_offer shape;

  /// Empty for a slot that is none.
  std::span<std::uint8_t> slot(std::uint32_t number) const {
    if (bytes == nullptr || number >= shape.slots) return {};
    return {bytes + number * shape.slot_bytes, shape.slot_bytes};
  }
};

/// The centre's first record, and the descriptor beside it. No memory on any failure.
shared_memory accept_memory(int channel) {
  shared_memory memory;
  iovec part{&memory.shape, sizeof memory.shape};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (::recvmsg(channel, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL) !=
      static_cast<ssize_t>(sizeof memory.shape))
    return {};
  const cmsghdr* const head = CMSG_FIRSTHDR(&message);
  if (head == nullptr || head->cmsg_type != SCM_RIGHTS) return {};
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(head), sizeof descriptor);
  void* const mapped = ::mmap(nullptr, memory.shape.slots * memory.shape.slot_bytes,
                              PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  ::close(descriptor);
  if (mapped == MAP_FAILED) return {};
  memory.bytes = static_cast<std::uint8_t*>(mapped);
  return memory;
}

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

void decode(job& each, picture_decoder& decoder, const shared_memory& memory) {
  std::vector<view_target> views;
  const auto& header = each.order.header;
  for (std::uint32_t i = 0; i < header.view_count; ++i)
    views.push_back({header.views[i], memory.slot(header.views[i].slot)});
  each.picture = decoder.decode({header.codec, each.order.annex_b, header.is_measured != 0, views});
}

/// Each camera's previous grid, by camera index.
using grid_memory = std::unordered_map<std::uint32_t, luma_grid>;

wire::measure answer(job& done, grid_memory& memory) {
  wire::measure measure;
  measure.camera_index = done.order.header.camera_index;
  measure.arrival_mono_ns = done.order.header.arrival_mono_ns;
  measure.capture_utc_us = done.order.header.capture_utc_us;
  std::copy(std::begin(done.picture.views), std::end(done.picture.views), measure.views);
  measure.decoded = done.picture.succeeded ? 1 : 0;
  auto& grid = done.picture.grid;
  if (grid.empty()) return measure;
  const auto dark = darkness_of(grid);
  measure.dark_share = dark.share;
  measure.dark_core_share = dark.core_share;
  auto& previous = memory[measure.camera_index];
  if (!previous.empty()) {
    const auto change = change_between(previous, grid);
    measure.change = change.largest;
    measure.change_without_overlay = change.without_overlay;
  }
  previous = std::move(grid);
  return measure;
}

}  // namespace

int serve_pictures(int channel) {
  av_log_set_level(AV_LOG_QUIET);  // a camera's broken frame is a measure, not a line of log
  const auto shared = accept_memory(channel);
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
    std::vector<frame_order> frames;
    if (pending.size() > max_pending_bytes || !take_frames(pending, frames)) return 2;
    std::vector<job> jobs;
    for (auto& frame : frames) jobs.push_back({std::move(frame), {}});
    arena.execute([&] {
      tbb::parallel_for(std::size_t{0}, jobs.size(),
                        [&](std::size_t i) { decode(jobs[i], decoders.local(), shared); });
    });
    for (auto& done : jobs) {
      const auto measure = answer(done, memory);
      if (!write_all(channel, &measure, sizeof measure)) return 1;
    }
  }
}

}  // namespace vigie::analytics::child
