// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analytics/picture_probe.hpp"
#include "app/fleet.hpp"
#include "base/task_thread.hpp"
#include "control/ports.hpp"
#include "ingest/engine.hpp"
#include "recording/recorder.hpp"

namespace vigie::app {

/// Starts and stops pulls for the actors, with their standing sinks: the recorder, and the picture
/// probe when there is one. Its thread takes the index look-up off the actors.
class feed_desk final : public control::feed_control {
 public:
  /// `probe` may be null; all outlive the desk.
  feed_desk(ingest::engine& engine, recording::recorder& recorder, analytics::picture_probe* probe,
            fleet& cameras);

  void start(const camera_path& path, const domain::camera_entry& camera) override;
  void stop(const camera_id& camera) override;
  /// Carries out what was asked for so far, then refuses more.
  void stop() { thread_.stop(); }

 private:
  void post(std::function<void()> task);

  ingest::engine& engine_;
  recording::recorder& recorder_;
  analytics::picture_probe* probe_;
  fleet& fleet_;
  task_thread thread_;
};

}  // namespace vigie::app
