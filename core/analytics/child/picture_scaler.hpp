// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "analytics/child/picture_decoder.hpp"

struct AVFrame;

namespace vigie::analytics::child {

/// Makes grey or 4:2:0 pictures of decoded frames, scaled down plane by plane, sample values as
/// they were coded. Reused from frame to frame.
class picture_scaler {
 public:
  picture_scaler();
  ~picture_scaler();
  picture_scaler(const picture_scaler&) = delete;
  picture_scaler& operator=(const picture_scaler&) = delete;

  /// 8-bit planar luma first: every format a camera's stream decodes to.
  static bool is_usable(const AVFrame& frame);
  /// Width 0 when the target has no room or the format is unknown.
  wire::view_made make(const AVFrame& frame, const view_target& target);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace vigie::analytics::child
