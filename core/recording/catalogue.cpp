// SPDX-License-Identifier: Apache-2.0
#include "recording/catalogue.hpp"

#include <utility>

namespace vigie::recording {
namespace {

segment_file file_of(const std::filesystem::path& root, segment_row row) {
  auto id = segment_id(row.key);
  auto path = root / segment_path(row.key);
  return {std::move(id), std::move(path), std::move(row)};
}

}  // namespace

result<std::vector<segment_file>> catalogue::list(const camera_id& camera, utc_us from,
                                                  utc_us to) const {
  auto rows = indexes_.find(camera, from, to);
  if (!rows) return tl::unexpected{rows.error()};
  std::vector<segment_file> files;
  files.reserve(rows->size());
  for (auto& row : *rows)
    if (row.frames > 0) files.push_back(file_of(indexes_.root(), std::move(row)));
  return files;
}

result<segment_file> catalogue::resolve(std::string_view id) const {
  const auto key = segment_from_id(id);
  if (!key) return fail(errc::not_found, "not the id of a segment");
  auto row = indexes_.find(*key);
  if (!row) return tl::unexpected{row.error()};
  if (!*row || (*row)->frames == 0 || (*row)->state == segment_state::erasing)
    return fail(errc::not_found, "no segment " + std::string{id});
  return file_of(indexes_.root(), std::move(**row));
}

result<index_totals> catalogue::totals() const {
  index_totals sums;
  for (const auto day : indexes_.days()) {
    const auto of_day = indexes_.totals_of(day);
    if (!of_day) return tl::unexpected{of_day.error()};
    sums.segments += of_day->segments;
    sums.bytes += of_day->bytes;
    sums.frames += of_day->frames;
  }
  return sums;
}

}  // namespace vigie::recording
