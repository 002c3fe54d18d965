// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/cpp/plugin.hpp"

#include <optional>
#include <utility>

#pragma GCC visibility push(hidden)
namespace vigie::sdk {

enum class analytics_class : int32_t {
  technical = VIGIE_CLASS_TECHNICAL,
  statistical = VIGIE_CLASS_STATISTICAL,
  security_event = VIGIE_CLASS_SECURITY_EVENT,
};

enum class pixel_format : int32_t { gray8 = VIGIE_PIXEL_GRAY8, i420 = VIGIE_PIXEL_I420 };

enum class event_type : int32_t {
  picture_black = VIGIE_EVENT_PICTURE_BLACK,
  picture_frozen = VIGIE_EVENT_PICTURE_FROZEN,
  picture_blurred = VIGIE_EVENT_PICTURE_BLURRED,
  picture_covered = VIGIE_EVENT_PICTURE_COVERED,
  camera_moved = VIGIE_EVENT_CAMERA_MOVED,
  count_aggregate = VIGIE_EVENT_COUNT_AGGREGATE,
  abandoned_object = VIGIE_EVENT_ABANDONED_OBJECT,
  weapon = VIGIE_EVENT_WEAPON,
  wrong_way = VIGIE_EVENT_WRONG_WAY,
  forbidden_zone = VIGIE_EVENT_FORBIDDEN_ZONE,
  person_down = VIGIE_EVENT_PERSON_DOWN,
  crowd_movement = VIGIE_EVENT_CROWD_MOVEMENT,
  density = VIGIE_EVENT_DENSITY,
  fire = VIGIE_EVENT_FIRE,
};

/// Thousandths of the picture's width and height from the top left; all 0: the whole picture.
struct region {
  uint16_t left = 0, top = 0, right = 0, bottom = 0;
};

struct detection {
  event_type type = event_type::picture_black;
  camera_handle camera = 0;
  uint64_t frame = 0;  ///< frame::id(); 0: not about one frame
  utc_time at{};       ///< now, when it is not set
  sdk::phase phase = sdk::phase::instant;
  uint32_t count = 0;  ///< count_aggregate only
  double score = 0;    ///< 0..1
  sdk::region region{};
};

/// What an analysis asks of the host.
struct wishes {
  sdk::analytics_class analytics_class = sdk::analytics_class::technical;
  sdk::pixel_format pixel_format = sdk::pixel_format::gray8;
  uint32_t width = 0;  ///< the host scales down to it, never up; 0: as it comes
  uint32_t height = 0;
  std::chrono::milliseconds interval{1000};  ///< between two frames of a camera
};

struct analytics_camera {
  camera_handle handle = 0;
  std::string id;
  std::string options_json;
};

/// One decoded picture, read-only. Valid during on_frame, or as long as a retained_frame holds
/// it.
class frame {
 public:
  explicit frame(const vigie_frame_t* raw) : raw_(raw), values_(detail::read(raw)) {
    if (values_.plane_count == 0 || values_.plane_count > 3)
      throw failure(status::invalid, "a frame without planes");
  }

  [[nodiscard]] uint64_t id() const noexcept { return values_.id; }
  [[nodiscard]] camera_handle camera() const noexcept { return values_.camera; }
  [[nodiscard]] utc_time capture() const noexcept {
    return detail::from_us(values_.capture_utc_us);
  }
  [[nodiscard]] sdk::pixel_format format() const noexcept {
    return static_cast<sdk::pixel_format>(values_.pixel_format);
  }
  [[nodiscard]] uint32_t width() const noexcept { return values_.width; }
  [[nodiscard]] uint32_t height() const noexcept { return values_.height; }
  [[nodiscard]] uint32_t plane_count() const noexcept { return values_.plane_count; }

  /// Line `y` of a plane (0: luma, 1 and 2: chroma of I420), without what pads it to its stride.
  [[nodiscard]] std::span<const uint8_t> line(uint32_t y, uint32_t plane = 0) const {
    const auto& from = values_.planes[plane < 3 ? plane : 0];
    if (plane >= values_.plane_count || y >= from.lines)
      throw failure(status::invalid, "a line outside of the frame");
    const uint32_t pixels = plane == 0 ? values_.width : (values_.width + 1) / 2;
    return {from.data + static_cast<size_t>(y) * from.stride, std::min(pixels, from.stride)};
  }
  [[nodiscard]] const vigie_frame_t* raw() const noexcept { return raw_; }

 private:
  const vigie_frame_t* raw_;
  vigie_frame_t values_;
};

/// Keeps a frame beyond on_frame; gives it back when destroyed, and at stop whatever happens.
class retained_frame {
 public:
  retained_frame() = default;
  retained_frame(std::shared_ptr<detail::host_link> host, const frame& kept)
      : host_(std::move(host)), frame_(kept) {}
  retained_frame(retained_frame&& other) noexcept
      : host_(std::move(other.host_)), frame_(std::exchange(other.frame_, std::nullopt)) {}
  retained_frame& operator=(retained_frame&& other) noexcept {
    if (this != &other) {
      reset();
      host_ = std::move(other.host_);
      frame_ = std::exchange(other.frame_, std::nullopt);
    }
    return *this;
  }
  ~retained_frame() { reset(); }

  void reset() noexcept {
    if (frame_ && host_) host_->release(frame_->raw());
    frame_.reset();
    host_.reset();
  }
  explicit operator bool() const noexcept { return frame_.has_value(); }
  const frame& operator*() const noexcept { return *frame_; }
  const frame* operator->() const noexcept { return &*frame_; }

 private:
  std::shared_ptr<detail::host_link> host_;
  std::optional<frame> frame_;
};

/// An analysis of pictures. Functions that take a handle or a frame are only called for cameras
/// that are attached.
class analytics_plugin : public plugin {
 public:
  /// Asked once, after init succeeded. [control & initialised]
  [[nodiscard]] virtual sdk::wishes wishes() const = 0;
  /// [control & started]
  virtual void attach(const analytics_camera& /*camera*/) {}
  /// [control & started]
  virtual void detach(camera_handle /*camera*/) {}
  /// Looks at one picture; some of a camera's may be missing. [worker & started]
  virtual void on_frame(const frame& frame) = 0;

 protected:
  /// Signals to a human. Errors: invalid (out of range, not declared in the manifest), not_found,
  /// busy (over the rate). [any-thread]
  status emit(const detection& found) const noexcept {
    const auto detections = functions<vigie_detections_t>(VIGIE_EXT_DETECTIONS);
    if (detections.emit == nullptr) return missing();
    vigie_detection_t out{};
    out.size = sizeof(out);
    out.event_type = static_cast<int32_t>(found.type);
    out.camera = found.camera;
    out.frame = found.frame;
    out.at_utc_us = detail::to_us_or_now(found.at);
    out.active = static_cast<int32_t>(found.phase);
    out.count = found.count;
    out.score = found.score;
    out.left = found.region.left;
    out.top = found.region.top;
    out.right = found.region.right;
    out.bottom = found.region.bottom;
    return static_cast<status>(detections.emit(host(), &out));
  }

  /// Keeps a frame; empty when the host has no more room for this camera. [any-thread]
  [[nodiscard]] retained_frame retain(const frame& frame) const {
    if (!host_ || !host_->retain(frame.raw())) return {};
    return {host_, frame};
  }
};

}  // namespace vigie::sdk
#pragma GCC visibility pop
