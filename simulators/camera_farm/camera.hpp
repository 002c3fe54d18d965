// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "camera_farm/event_loop.hpp"
#include "camera_farm/farm_options.hpp"
#include "camera_farm/faults.hpp"
#include "camera_farm/listener.hpp"
#include "camera_farm/picture_source.hpp"
#include "camera_farm/quirk.hpp"
#include "camera_farm/rtsp_dialogue.hpp"
#include "camera_farm/session_account.hpp"

namespace vigie::simulators {

class session;
class tls_server;
class udp_door;

/// What all cameras of a farm have in common. One thread owns it all.
struct farm_context {
  const farm_options& options;
  event_loop& loop;
  const clock& time;
  random_source& random;
  const clip_library* other_size = nullptr;  ///< for cameras that change their resolution
  const clip_library* h265 = nullptr;        ///< for quirks only H.265 has
  udp_door* udp = nullptr;                   ///< null: TCP only
  session_log* log = nullptr;
  bool shares_listener = false;  ///< one listening socket for all cameras
  std::uint64_t sent_bytes = 0;
  std::uint64_t dropped_frames = 0;  ///< not sent because a client did not read
  bytes scratch{};                   ///< one frame for one session
  packet_train head{};               ///< of the picture at hand
};

struct camera_stats {
  std::string id;
  trouble current;
  video_codec codec = video_codec::h264;
  unsigned sessions = 0;             ///< playing now
  std::uint64_t sessions_total = 0;  ///< that ever played
  std::uint64_t sent_frames = 0;     ///< handed to at least one session
  std::uint64_t first_frame = 0;     ///< counter of the first of them; 0: none yet
  std::uint64_t last_frame = 0;
  /// Most connections that its callers held at one time, those it refused included.
  unsigned most_connections = 0;
};

/// One simulated camera: its own address, sessions, picture and troubles. Its frame counter counts
/// time, not what was sent: frames missed during a fault leave a gap.
class camera final {
 public:
  camera(farm_context& farm, const clip_library& clips, unsigned index);
  ~camera();
  camera(const camera&) = delete;
  camera& operator=(const camera&) = delete;

  /// Listens on its own address, unless the farm has one socket for all.
  result<void> listen();
  /// Somebody called; owns `fd`. `tls` null: plain.
  void accept(int fd, const tls_server* tls);
  /// From now on the camera fails in that way; returns a number that names this change.
  std::uint64_t set_trouble(const trouble& t);
  /// Heals, unless the trouble was changed since `change`.
  void heal(std::uint64_t change);
  /// Somebody set its clock, wrongly: what it says of the time is off by that much.
  void step_clock(std::int64_t us) { clock_error_us_ += us; }
  /// The moment of frame `number` (from 0), due at `due`: sends it to whoever plays.
  void on_frame_time(std::uint64_t number, mono_ns due);

  camera_stats stats() const;
  unsigned fps() const { return clips_.fps; }

  // What sessions ask of their camera.
  const trouble& current() const { return trouble_; }
  const stream_description& description() const { return description_; }
  const clip_library& clips() const;
  std::uint32_t address() const;
  camera_memory& memory() { return memory_; }
  farm_context& farm() { return farm_; }
  std::int64_t clock_error_us() const { return clock_error_us_; }
  /// RTP time of the next frame.
  std::uint32_t next_rtp_ts() const { return rtp_ts_of(next_number_); }
  /// RTP time at this moment; only once frames have their times.
  std::uint32_t rtp_ts_at(mono_ns now) const;
  /// The number of the session that begins.
  std::uint64_t started_playing();
  /// Sends one session the last `count` pictures at once, from a key picture on.
  void send_old(session& to, unsigned count);
  void session_ended(const session_account& ended, bool torn_down, std::uint32_t ssrc);

 private:
  std::uint32_t rtp_ts_of(std::uint64_t number) const;
  void count_connections();
  void cut_sessions(bool reset);
  void forget_closed();
  void choose_pictures(std::uint64_t number);
  void note_sent(std::uint64_t counter);

  farm_context& farm_;
  const clip_library& clips_;
  const unsigned index_;
  stream_description description_;
  picture_source source_;
  std::unique_ptr<picture_source> understudy_;  ///< of another resolution or codec
  bool understudy_plays_ = false;
  std::unique_ptr<listener> listener_;
  trouble trouble_;
  std::uint64_t change_ = 0;
  std::vector<std::shared_ptr<session>> sessions_;
  std::vector<int> unanswered_;  ///< connections that called while the power was out
  camera_memory memory_;
  std::int64_t clock_error_us_ = 0;
  std::uint32_t rtp_base_ = 0;
  std::uint64_t next_number_ = 0;
  mono_ns last_due_ = 0;
  mono_ns next_drip_ = 0;
  camera_stats stats_;
};

}  // namespace vigie::simulators
