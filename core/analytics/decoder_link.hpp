// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analytics/camera_sampling.hpp"
#include "analytics/decoder_wire.hpp"
#include "analytics/measure_reader.hpp"
#include "analytics/picture_measure.hpp"
#include "analytics/picture_memory.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "media/access_unit.hpp"
#include "plugin_host/child_process.hpp"

namespace vigie::analytics {

/// A key frame on its way to the decoder.
struct sampled_frame {
  std::shared_ptr<camera_sampling> camera;
  media::access_unit_ptr unit;
  sampled_for wanted;
};

/// What a link did for the source's counters.
struct link_events {
  std::function<void(const picture_measure&)> on_measure;
  std::function<void()> on_shown;
  std::function<void()> on_not_shown;
};

/// One decoder child and the frames it has. One owner, one thread.
class decoder_link {
 public:
  /// Starts a child that shares `memory`. Errors: child_failed.
  static result<decoder_link> start(const std::filesystem::path& program,
                                    std::shared_ptr<picture_memory> memory, const clock& time,
                                    std::chrono::milliseconds answer_deadline, link_events events);

  /// Hands a frame over, taking answers in meanwhile (else both ends would wait). False when the
  /// child left, broke the protocol or reads nothing; `stopping` ends the wait.
  bool send(const sampled_frame& frame, const std::atomic<bool>& stopping);
  /// Takes what the child has said so far. False when it left or broke a bound.
  bool receive();

  std::size_t in_flight() const noexcept { return in_flight_.size(); }
  /// The child owes answers and has been silent beyond its deadline.
  bool is_overdue() const noexcept;
  /// "pid 4711 (killed)", "pid 4711 (signal 11)".
  std::string obituary();
  /// Layers of protection this kernel did not grant; empty until the child said so.
  std::optional<std::uint32_t> missing_layers() const noexcept;
  ~decoder_link();
  decoder_link(decoder_link&&) noexcept = default;

 private:
  struct owed {
    std::shared_ptr<camera_sampling> camera;
    mono_ns arrival_mono_ns = 0;
    utc_us capture_utc_us = 0;
    bool is_measured = false;
    std::vector<picture_order> orders;
    std::vector<std::uint32_t> slots;  ///< of the orders, same order
  };

  decoder_link(plugin_host::child_process child, std::shared_ptr<picture_memory> memory,
               const clock& time, std::chrono::milliseconds answer_deadline, link_events events);
  bool send_all(const void* bytes, std::size_t size, const std::atomic<bool>& stopping);
  static bool is_about(const wire::measure& said, const owed& head) noexcept;
  bool deliver(const wire::measure& said);
  bool hand_over(const owed& head, const wire::measure& said);

  plugin_host::child_process child_;
  std::shared_ptr<picture_memory> memory_;
  const clock* time_;
  std::chrono::milliseconds answer_deadline_;
  link_events events_;
  measure_reader incoming_;
  std::deque<owed> in_flight_;
  mono_ns last_answer_;
};

}  // namespace vigie::analytics
