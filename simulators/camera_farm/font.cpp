// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/font.hpp"

#include <cstddef>

namespace vigie::simulators {

namespace {

struct glyph {
  char character;
  std::array<std::uint8_t, 7> rows;  // 5 dots each, bit 4 is the leftmost
};

// Our own 5×7 dots, in the manner of the text generators of old cameras.
constexpr glyph glyphs[] = {
    {' ', {0, 0, 0, 0, 0, 0, 0}},        {'0', {14, 17, 19, 21, 25, 17, 14}},
    {'1', {4, 12, 4, 4, 4, 4, 14}},      {'2', {14, 17, 1, 6, 8, 16, 31}},
    {'3', {30, 1, 1, 14, 1, 1, 30}},     {'4', {2, 6, 10, 18, 31, 2, 2}},
    {'5', {31, 16, 30, 1, 1, 17, 14}},   {'6', {6, 8, 16, 30, 17, 17, 14}},
    {'7', {31, 1, 2, 4, 4, 8, 8}},       {'8', {14, 17, 17, 14, 17, 17, 14}},
    {'9', {14, 17, 17, 15, 1, 2, 12}},   {'A', {14, 17, 17, 31, 17, 17, 17}},
    {'B', {30, 17, 17, 30, 17, 17, 30}}, {'C', {14, 17, 16, 16, 16, 17, 14}},
    {'D', {28, 18, 17, 17, 17, 18, 28}}, {'E', {31, 16, 16, 30, 16, 16, 31}},
    {'F', {31, 16, 16, 30, 16, 16, 16}}, {'G', {14, 17, 16, 23, 17, 17, 15}},
    {'H', {17, 17, 17, 31, 17, 17, 17}}, {'I', {14, 4, 4, 4, 4, 4, 14}},
    {'J', {7, 2, 2, 2, 2, 18, 12}},      {'K', {17, 18, 20, 24, 20, 18, 17}},
    {'L', {16, 16, 16, 16, 16, 16, 31}}, {'M', {17, 27, 21, 21, 17, 17, 17}},
    {'N', {17, 25, 21, 19, 17, 17, 17}}, {'O', {14, 17, 17, 17, 17, 17, 14}},
    {'P', {30, 17, 17, 30, 16, 16, 16}}, {'Q', {14, 17, 17, 17, 21, 18, 13}},
    {'R', {30, 17, 17, 30, 20, 18, 17}}, {'S', {15, 16, 16, 14, 1, 1, 30}},
    {'T', {31, 4, 4, 4, 4, 4, 4}},       {'U', {17, 17, 17, 17, 17, 17, 14}},
    {'V', {17, 17, 17, 17, 10, 10, 4}},  {'W', {17, 17, 17, 21, 21, 27, 17}},
    {'X', {17, 17, 10, 4, 10, 17, 17}},  {'Y', {17, 17, 10, 4, 4, 4, 4}},
    {'Z', {31, 1, 2, 4, 8, 16, 31}},     {'-', {0, 0, 0, 14, 0, 0, 0}},
    {'_', {0, 0, 0, 0, 0, 0, 31}},       {':', {0, 4, 4, 0, 4, 4, 0}},
    {'.', {0, 0, 0, 0, 0, 12, 12}},      {'#', {10, 10, 31, 10, 31, 10, 10}},
};

constexpr std::array<std::uint8_t, 7> box = {31, 17, 17, 17, 17, 17, 31};

const std::array<std::uint8_t, 7>& rows_of(char character) noexcept {
  static const auto by_character = [] {
    std::array<const std::array<std::uint8_t, 7>*, 256> table{};
    table.fill(&box);
    for (const glyph& known : glyphs) {
      table[static_cast<unsigned char>(known.character)] = &known.rows;
      if (known.character >= 'A' && known.character <= 'Z')
        table[static_cast<unsigned char>(known.character - 'A' + 'a')] = &known.rows;
    }
    return table;
  }();
  return *by_character[static_cast<unsigned char>(character)];
}

}  // namespace

luma_cell draw_cell(char left, char right, std::uint8_t ink) noexcept {
  luma_cell cell;
  cell.fill(text_black);
  for (unsigned half = 0; half < glyphs_per_cell; ++half) {
    const auto& rows = rows_of(half == 0 ? left : right);
    for (std::size_t row = 0; row < rows.size(); ++row)
      for (unsigned dot = 0; dot < 5; ++dot) {
        if (((rows[row] >> (4 - dot)) & 1U) == 0) continue;
        // Two pixels wide, overlapping, and two high: strokes a small picture keeps legible.
        for (unsigned y = 0; y < 2; ++y)
          for (unsigned x = 0; x < 2; ++x)
            cell[(1 + row * 2 + y) * 16 + half * 8 + 1 + dot + x] = ink;
      }
  }
  return cell;
}

}  // namespace vigie::simulators
