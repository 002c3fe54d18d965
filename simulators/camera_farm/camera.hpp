// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "camera_farm/event_loop.hpp"
#include "camera_farm/farm_options.hpp"
#include "camera_farm/faults.hpp"
#include "camera_farm/picture_source.hpp"
#include "camera_farm/rtsp_dialogue.hpp"

namespace vigie::simulators {

class session;

/// What all cameras of a farm have in common. One thread owns it all.
struct farm_context {
  const farm_options& options;
  const clip_library& clips;
  event_loop& loop;
  const clock& time;
  random_source& random;
  mono_ns interval_ns = 0;  ///< from one picture to the next
  std::uint64_t sent_bytes = 0;
  std::uint64_t dropped_frames = 0;  ///< not sent because a client did not read
  bytes scratch;                     ///< one frame for one session
};

struct camera_stats {
  std::string id;
  fault current = fault::none;
  unsigned sessions = 0;             ///< playing now
  std::uint64_t sessions_total = 0;  ///< that ever played
  std::uint64_t sent_frames = 0;     ///< handed to at least one session
  std::uint64_t first_frame = 0;     ///< counter of the first of them; 0: none yet
  std::uint64_t last_frame = 0;
};

/// One simulated camera: its own address, listener, sessions, picture and faults. Its frame counter
/// counts time, not what was sent: frames missed during a fault leave a gap.
class camera final : public event_handler {
 public:
  camera(farm_context& farm, unsigned index);
  ~camera() override;

  result<void> listen();
  /// From now on the camera fails in that way; returns a number that names this change.
  std::uint64_t set_fault(fault f);
  /// Heals, unless the fault was changed since `change`.
  void heal(std::uint64_t change);
  /// The moment of frame `number` (from 0), due at `due`: sends it to whoever plays.
  void on_frame_time(std::uint64_t number, mono_ns due);
  void on_ready(std::uint32_t events) override;

  camera_stats stats() const;

  // What sessions ask of their camera.
  fault current_fault() const { return fault_; }
  const stream_description& description() const { return description_; }
  const std::string& sdp() const { return sdp_; }
  farm_context& farm() { return farm_; }
  /// RTP time of the next frame.
  std::uint32_t next_rtp_ts() const { return rtp_ts_of(next_number_); }
  /// RTP time at this moment; only once frames have their times.
  std::uint32_t rtp_ts_at(mono_ns now) const;
  void started_playing();

 private:
  std::uint32_t rtp_ts_of(std::uint64_t number) const;
  void stop_listening();
  void cut_sessions(bool reset);
  void forget_closed();

  farm_context& farm_;
  const unsigned index_;
  stream_description description_;
  std::string sdp_;
  picture_source source_;
  int listener_ = -1;
  fault fault_ = fault::none;
  std::uint64_t change_ = 0;
  std::vector<std::shared_ptr<session>> sessions_;
  std::uint32_t rtp_base_ = 0;
  std::uint64_t next_number_ = 0;
  mono_ns last_due_ = 0;
  mono_ns next_drip_ = 0;
  camera_stats stats_;
};

}  // namespace vigie::simulators
