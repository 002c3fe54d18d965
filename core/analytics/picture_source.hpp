// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "analytics/picture_measure.hpp"
#include "analytics/picture_order.hpp"
#include "base/clock.hpp"
#include "ingest/sink.hpp"

namespace vigie::analytics {

struct picture_options {
  std::filesystem::path decoder_program;     ///< vigie-picture-decoder
  bool measures = true;                      ///< false: only orders are served
  std::chrono::milliseconds interval{2000};  ///< between measured key frames of one camera
  std::size_t queue_frames = 256;  ///< waiting for the child; more are dropped and counted
  std::chrono::milliseconds answer_deadline{5000};  ///< a child silent for longer is replaced
};

struct picture_counters {
  std::uint64_t sampled = 0;
  std::uint64_t dropped = 0;  ///< shed: the child could not follow (first in the shedding order)
  std::uint64_t measured = 0;
  std::uint64_t shown = 0;      ///< decoded pictures handed to those who ordered them
  std::uint64_t not_shown = 0;  ///< ordered ones that were shed or could not be made
  std::uint64_t child_starts = 0;
  /// By how much measured intervals are longer than asked for, because the child cannot follow.
  double stretch = 1;
};

/// Samples key frames, has them decoded by a sandboxed child (hostile bitstreams never meet a
/// decoder inside `vigie`), reports what was measured and hands pictures to those who ordered them:
/// one decoding serves all. A child that crashes, hangs or talks nonsense is replaced with
/// back-off; the cameras notice nothing.
class picture_source {
 public:
  using listener = std::function<void(const picture_measure&)>;  ///< on the source's thread

  picture_source(picture_options options, const clock& time, listener on_measure);
  ~picture_source();
  picture_source(const picture_source&) = delete;
  picture_source& operator=(const picture_source&) = delete;

  /// A sink that samples one camera's feed. It may outlive the source. [thread-safe]
  ingest::sink_ptr make_sink(const camera_id& camera);
  /// From now on `who` sees the camera; an order of the same name is replaced. At most four orders
  /// a camera are served at a time, further ones wait for their turn. [thread-safe]
  void order(const camera_id& camera, const std::string& who, picture_order wanted);
  /// A picture on its way may still arrive. [thread-safe]
  void cancel(const camera_id& camera, const std::string& who);
  /// The node is overloaded: no pictures for orders; of the cameras that are measured, only those
  /// whose coded sizes changed nature. [thread-safe]
  void shed(bool orders, bool calm_measures) noexcept;
  picture_counters counters() const noexcept;  ///< [thread-safe]

 private:
  class impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace vigie::analytics
