// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace vigie::simulators {

/// Luma of one macroblock, 16×16, row by row.
using luma_cell = std::array<std::uint8_t, 256>;

inline constexpr std::uint8_t text_black = 16;
inline constexpr std::uint8_t text_white = 235;
/// Text generators follow the picture's brightness: over a covered lens the text is dark grey.
inline constexpr std::uint8_t text_dim = 48;
/// Characters per macroblock: a glyph is 8 pixels wide and 16 high.
inline constexpr unsigned glyphs_per_cell = 2;

/// Two glyphs side by side, `ink` on black. Letters are shown as capitals; what the font lacks is
/// shown as a box. [thread-safe]
luma_cell draw_cell(char left, char right, std::uint8_t ink = text_white) noexcept;

}  // namespace vigie::simulators
