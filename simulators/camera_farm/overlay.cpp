// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/overlay.hpp"

#include <algorithm>
#include <array>

#include "base/time_text.hpp"

namespace vigie::simulators {

namespace {

constexpr std::uint32_t mb_i_pcm = 25;      // in an I slice; 5 more in a P slice (H.264 table 7-11)
constexpr std::uint32_t mb_i_16x16_dc = 3;  // DC prediction, no coefficients but an empty DC block
constexpr std::uint32_t intra_in_p = 5;

char at(const std::string& text, std::size_t index) {
  return index < text.size() ? text[index] : ' ';
}

void write_raw_cell(bit_writer& out, std::uint32_t mb_type, const luma_cell& luma) {
  static constexpr auto grey = [] {
    std::array<std::uint8_t, 128> samples{};
    samples.fill(128);
    return samples;
  }();
  out.ue(mb_type);
  out.align_with_zeros();
  out.append(luma);
  out.append(grey);
}

// A black cell after a black edge: predicted from its left neighbour, nothing more.
void write_blank_cell(bit_writer& out, bool after_raw) {
  out.ue(mb_i_16x16_dc);
  out.ue(0);  // chroma predicted from the left too
  out.se(0);
  // coeff_token of an empty block; a raw neighbour counts as 16 coefficients (H.264 §9.2.1).
  if (after_raw)
    out.bits(0b000011, 6);
  else
    out.bits(1, 1);
}

}  // namespace

std::string overlay_text(const std::string& name, utc_us now, std::uint64_t frame) {
  // Thousands of cameras write this at every picture, most of them in the same second.
  thread_local std::string clock;
  thread_local std::int64_t second_of_clock = -1;
  if (now / 1'000'000 != second_of_clock) {
    second_of_clock = now / 1'000'000;
    clock = to_rfc3339(now);  // 2026-11-21T20:15:33.400Z
    clock[10] = ' ';
    clock.resize(19);
  }
  std::string text;
  text.reserve(name.size() + 32);
  text.append(name).append(1, ' ').append(clock).append("Z #");
  std::array<char, 8> digits;
  std::uint64_t rest = frame;
  for (std::size_t i = digits.size(); i-- > 0; rest /= 10)
    digits[i] = static_cast<char>('0' + rest % 10);
  return text.append(digits.data(), digits.size());
}

bytes make_text_slice(const stream_parameters& stream, const picture_fields& fields,
                      const std::string& text, const std::string& before, std::uint8_t ink) {
  bit_writer out;
  out.reserve(fields.idr ? 10'000 : 1'700);
  begin_slice(out, stream, fields);
  const std::uint32_t cells = stream.width_in_macroblocks;
  const std::size_t used =
      std::max<std::size_t>(1, (text.size() + glyphs_per_cell - 1) / glyphs_per_cell);
  std::uint32_t skipped = 0;
  for (std::uint32_t cell = 0; cell < cells; ++cell) {
    const std::size_t first = cell * std::size_t{glyphs_per_cell};
    const char left = at(text, first);
    const char right = at(text, first + 1);
    if (fields.idr) {
      if (cell < used)
        write_raw_cell(out, mb_i_pcm, draw_cell(left, right, ink));
      else
        write_blank_cell(out, cell == used);
    } else if (left == at(before, first) && right == at(before, first + 1)) {
      ++skipped;
    } else {
      out.ue(skipped);
      skipped = 0;
      write_raw_cell(out, mb_i_pcm + intra_in_p, draw_cell(left, right, ink));
    }
  }
  if (skipped > 0) out.ue(skipped);
  return make_nal(slice_nal_header(fields), out.finish());
}

}  // namespace vigie::simulators
