// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "base/ids.hpp"
#include "gateway/live_queue.hpp"
#include "ingest/sink.hpp"

namespace vigie::gateway {

/// How the hub reaches the feeds: `ingest::engine`'s functions, or a test's.
struct live_ports {
  std::function<void(const camera_id&, ingest::sink_ptr)> add_sink;
  std::function<void(const camera_id&, const ingest::sink_ptr&)> remove_sink;
};

/// Runs a task later, in order, on the thread that owns the hub. Callable from any thread.
using post_function = std::function<void(std::function<void()>)>;

struct live_options {
  std::size_t frames_per_fragment = 4;    ///< a fragment also ends before each key frame
  std::size_t queue_bytes = 3u << 20;     ///< what one viewer may have waiting
  std::size_t handover_units = 256;       ///< access units under way from a shard to the hub
  std::size_t handover_bytes = 4u << 20;  ///< and their bytes: at 40 Mbit/s units are large
};

struct live_statistics {
  std::uint64_t viewers = 0;        ///< now
  std::uint64_t cameras = 0;        ///< now watched by at least one viewer
  std::uint64_t opened_views = 0;   ///< since the start
  std::uint64_t fragments = 0;      ///< built, each once however many watch
  std::uint64_t dropped_gops = 0;   ///< of slow viewers
  std::uint64_t dropped_units = 0;  ///< because the hub's own thread could not follow
};

/// One pull, many viewers: the first viewer of a camera adds a sink to its feed, the last one
/// removes it. Fragments are built once per camera and shared. Everything but the sink itself
/// happens on the thread behind `post`; a shard thread only hands a pointer over. [gateway io
/// thread]
class live_hub {
 public:
  live_hub(live_ports ports, post_function post, live_options options = {});
  /// Removes every sink. Queues still held by viewers stay valid and silent.
  ~live_hub();
  live_hub(const live_hub&) = delete;
  live_hub& operator=(const live_hub&) = delete;

  /// A new viewer. `wake` is called on the hub's thread whenever its queue turns from empty to not
  /// empty. The queue is owned by the caller; give it back with `close`.
  std::shared_ptr<live_queue> open(const camera_id& camera, std::function<void()> wake);
  /// Ends a view and adds what it dropped to the statistics. Unknown queues are ignored.
  void close(const std::shared_ptr<live_queue>& viewer);

  live_statistics statistics() const;

 private:
  class camera_stream;
  live_ports ports_;
  post_function post_;
  live_options options_;
  std::map<camera_id, std::shared_ptr<camera_stream>> streams_;
  std::uint64_t opened_views_ = 0;
  std::uint64_t past_fragments_ = 0;
  std::uint64_t past_dropped_gops_ = 0;
  std::uint64_t past_dropped_units_ = 0;
};

}  // namespace vigie::gateway
