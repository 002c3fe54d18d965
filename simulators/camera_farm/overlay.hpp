// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "camera_farm/font.hpp"
#include "camera_farm/h264_surgery.hpp"

namespace vigie::simulators {

/// "cam-0001 2026-11-21 20:15:33Z #00001234": what a camera burns into its picture.
std::string overlay_text(const std::string& name, utc_us now, std::uint64_t frame);

/// The slice of the top macroblock row that shows `text`, drawn without an encoder: characters are
/// raw macroblocks (I_PCM, H.264 §7.3.5), exact to the pixel. In a key picture the whole row is
/// written; in others only what differs from `before`, which the previous picture showed.
/// Text beyond the picture's width is cut.
bytes make_text_slice(const stream_parameters& stream, const picture_fields& fields,
                      const std::string& text, const std::string& before,
                      std::uint8_t ink = text_white);

}  // namespace vigie::simulators
