// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "analytics/picture_source.hpp"
#include "app/camera_ways.hpp"
#include "app/fleet.hpp"
#include "app/plugin_desk.hpp"
#include "base/task_thread.hpp"
#include "control/ports.hpp"
#include "domain/evidence.hpp"
#include "ingest/engine.hpp"
#include "ingest/pushed_feeds.hpp"
#include "recording/recorder.hpp"

namespace vigie::app {

struct feed_ports {
  ingest::engine& engine;
  ingest::pushed_feeds& pushed;
  recording::recorder& recorder;
  analytics::picture_source* pictures;  ///< null: nobody looks
  plugin_desk& plugins;
  fleet& cameras;
  const camera_ways& ways;
  const clock& time;
};

/// Starts and stops feeds for the actors, with their standing sinks: the recorder and the picture
/// source. A camera with a protocol plugin is pulled from where the plugin says, or fed by the
/// plugin itself; a plugin that cannot say is asked again, ever more slowly. Its thread takes the
/// index look-up off the actors.
class feed_desk final : public control::feed_control {
 public:
  /// Tells that a camera's plugin does not know where its video is. [any thread of the desk]
  using trouble_listener = std::function<void(domain::feed_evidence)>;

  /// All outlive the desk.
  feed_desk(feed_ports ports, trouble_listener on_trouble);

  void start(const camera_path& path, const domain::camera_entry& camera) override;
  void stop(const camera_id& camera) override;
  /// Asks plugins again whose time has come. Once a second. [thread-safe]
  void pulse();
  /// Carries out what was asked for so far, then refuses more.
  void stop() { thread_.stop(); }

 private:
  /// A camera whose plugin is being asked, or was and will be asked again.
  struct question {
    ingest::feed_config feed;
    domain::camera_entry camera;
    std::uint64_t number = 0;  ///< an answer to an older question is void
    mono_ns ask_at = 0;        ///< 0: an answer is awaited, or the pull runs
    std::uint32_t failures = 0;
  };
  void post(std::function<void()> task);
  std::vector<ingest::sink_ptr> standing_sinks(const camera_id& camera);
  void pull(ingest::feed_config feed);
  void ask(question& about);
  void take_answer(const camera_id& camera, std::uint64_t number,
                   result<plugin_host::stream_place> place);

  const feed_ports ports_;
  trouble_listener on_trouble_;
  std::unordered_map<camera_id, question> questions_;  ///< of the desk's thread alone
  std::uint64_t next_question_ = 0;
  task_thread thread_;
};

}  // namespace vigie::app
