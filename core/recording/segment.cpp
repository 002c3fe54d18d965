// SPDX-License-Identifier: Apache-2.0
#include "recording/segment.hpp"

#include <fmt/format.h>

#include "base/time_text.hpp"

namespace vigie::recording {
namespace {
constexpr std::size_t start_text_length = 19;  // 20261121T201533400Z
}

std::string start_text(utc_us start) {
  const auto day = day_of(start);
  const auto ms = (start - start_of(day)) / 1000;
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}{:03}Z", day.year, day.month, day.day,
                     ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

std::optional<utc_us> start_from_text(std::string_view text) {
  if (text.size() != start_text_length || text[8] != 'T') return {};
  const auto part = [&](std::size_t from, std::size_t length) { return text.substr(from, length); };
  return from_rfc3339(fmt::format("{}-{}-{}T{}:{}:{}.{}{}", part(0, 4), part(4, 2), part(6, 2),
                                  part(9, 2), part(11, 2), part(13, 2), part(15, 3), part(18, 1)));
}

std::string segment_id(const segment_key& key) {
  return key.camera.str() + "_" + start_text(key.start_utc_us);
}

std::optional<segment_key> segment_from_id(std::string_view id) {
  if (id.size() < start_text_length + 2) return {};
  const auto split = id.size() - start_text_length - 1;
  const auto camera = id.substr(0, split);
  const auto start = start_from_text(id.substr(split + 1));
  if (id[split] != '_' || !is_id_text(camera) || !start) return {};
  return segment_key{camera_id{std::string{camera}}, *start};
}

std::filesystem::path segment_path(const segment_key& key) {
  return std::filesystem::path{to_text(day_of(key.start_utc_us))} / key.camera.str() /
         (start_text(key.start_utc_us) + ".mp4");
}

}  // namespace vigie::recording
