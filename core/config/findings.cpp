// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

#include "config/detail/findings.hpp"

namespace vigie::config {

std::string to_string(const finding& f) {
  std::string out = f.file;
  if (f.line > 0) out += fmt::format(":{}:{}", f.line, f.column);
  out += ": ";
  if (!f.rule.empty()) out += f.rule + ": ";
  return out + f.message + "; " + f.remedy;
}

namespace detail {
namespace {

/// Letters to add, remove, change or swap with their neighbour to make `b` of `a`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  std::iota(d[0].begin(), d[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

void findings_log::add(place at, std::string message, std::string remedy, std::string rule) {
  findings_.push_back(
      {file_, at.line, at.column, std::move(rule), std::move(message), std::move(remedy)});
}

std::vector<finding> findings_log::in_order() && {
  const auto key = [](const finding& f) {
    return std::tie(f.line, f.column, f.rule, f.message, f.remedy);
  };
  std::stable_sort(findings_.begin(), findings_.end(),
                   [&](const finding& a, const finding& b) { return key(a) < key(b); });
  findings_.erase(std::unique(findings_.begin(), findings_.end(),
                              [&](const finding& a, const finding& b) { return key(a) == key(b); }),
                  findings_.end());
  return std::move(findings_);
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  constexpr std::size_t longest_worth_comparing = 64;
  if (word.size() > longest_worth_comparing) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(word.size() / 3, 1) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t d = distance(word, candidate);
    if (d < best_distance) best = candidate, best_distance = d;
  }
  return best;
}

std::string remedy_for(std::string_view word, const std::vector<std::string_view>& known) {
  const auto meant = nearest(word, known);
  return meant.empty() ? fmt::format("write one of {}", joined(known))
                       : fmt::format("did you mean {}?", meant);
}

std::string joined(const std::vector<std::string_view>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace detail
}  // namespace vigie::config
