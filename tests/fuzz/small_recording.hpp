// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "fuzz/pictures.hpp"
#include "media/fmp4.hpp"
#include "media/fmp4_scan.hpp"

namespace vigie::fuzz {

inline media::read_at reader_of(const std::vector<std::uint8_t>& file) {
  return [&file](std::uint64_t offset, std::size_t length) -> result<std::vector<std::uint8_t>> {
    if (offset >= file.size()) return std::vector<std::uint8_t>{};
    const auto end = std::min<std::uint64_t>(file.size(), offset + length);
    return std::vector<std::uint8_t>(file.begin() + static_cast<std::ptrdiff_t>(offset),
                                     file.begin() + static_cast<std::ptrdiff_t>(end));
  };
}

inline media::codec_parameters_ptr small_parameters(media::codec kind) {
  const auto stream = kind == media::codec::h265 ? small_h265() : small_h264();
  return std::make_shared<const media::codec_parameters>(
      kind == media::codec::h265
          ? media::make_h265_parameters(stream.sets[0], stream.sets[1], {stream.sets[2]})
          : media::make_h264_parameters(stream.sets[0], {stream.sets[1]}));
}

/// A recording with one fragment per size: a key picture of that many bytes each.
inline std::vector<std::uint8_t> small_recording(media::codec kind,
                                                 const std::vector<std::size_t>& sizes) {
  const auto parameters = small_parameters(kind);
  auto file = media::make_init_segment(*parameters, 1'795'000'000'000'000);
  std::uint32_t number = 0;
  for (const auto size : sizes) {
    auto unit = std::make_shared<media::access_unit>();
    unit->is_key = true;
    unit->parameters = parameters;
    unit->data = std::vector<std::uint8_t>(size, 0x42);
    const media::fmp4_sample sample{unit, 7500};
    const auto header = media::make_fragment_header(number + 1, number * 7500ULL, {&sample, 1});
    ++number;
    file.insert(file.end(), header.begin(), header.end());
    file.insert(file.end(), unit->data.begin(), unit->data.end());
  }
  return file;
}

}  // namespace vigie::fuzz
