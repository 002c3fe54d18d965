// SPDX-License-Identifier: Apache-2.0
#include "domain/analysis_enabling.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/time_text.hpp"
#include "domain/local_time.hpp"

namespace vigie::domain {
namespace {

/// The words of a text with one blank between them; nothing for another number of words.
std::optional<std::array<std::string_view, 4>> four_words(std::string_view text) {
  std::array<std::string_view, 4> out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto end = i + 1 < out.size() ? text.find(' ') : text.size();
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    out[i] = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out[3].find(' ') == std::string_view::npos ? std::optional{out} : std::nullopt;
}

std::optional<utc_us> end_from(std::string_view text) {
  if (const auto instant = from_rfc3339(text)) return instant;
  const auto day = day_from_text(text);
  if (!day) return std::nullopt;
  const std::chrono::sys_days next =
      std::chrono::sys_days{std::chrono::year{day->year} / std::chrono::month{day->month} /
                            std::chrono::day{day->day}} +
      std::chrono::days{1};
  const auto found = instants_of(std::chrono::year_month_day{next}, 0);
  return found.empty() ? std::nullopt : std::optional{found.front()};
}

}  // namespace

std::optional<enabling_subject> enabling_subject_from(std::string_view text) {
  const auto words = four_words(text);
  if (!words || (*words)[2] != "until" || !is_id_text((*words)[1])) return std::nullopt;
  const auto until = end_from((*words)[3]);
  if (!until) return std::nullopt;
  return enabling_subject{std::string{(*words)[0]}, camera_id{std::string{(*words)[1]}}, *until};
}

std::vector<analysis_enabling> enablings_of(std::span<const proposal> newest_first) {
  std::vector<analysis_enabling> out;
  for (const auto& p : newest_first) {
    if (p.change != sensitive_change::enable_analytics || p.state != proposal_state::confirmed)
      continue;
    if (p.author.empty() || p.decided_by.empty() || p.author == p.decided_by) continue;
    auto subject = enabling_subject_from(p.subject);
    if (!subject) continue;
    const bool is_older = std::any_of(out.begin(), out.end(), [&](const analysis_enabling& known) {
      return known.plugin == subject->plugin && known.camera == subject->camera;
    });
    if (is_older) continue;
    out.push_back({std::move(subject->plugin), std::move(subject->camera), p.author, p.decided_by,
                   p.decided_at, subject->until});
  }
  return out;
}

}  // namespace vigie::domain
