// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "camera_farm/quirk.hpp"

namespace vigie::simulators {

namespace {

std::optional<unsigned> index_of(std::string_view id, unsigned count) {
  constexpr std::string_view prefix = "cam-";
  if (!id.starts_with(prefix)) return std::nullopt;
  id.remove_prefix(prefix.size());
  unsigned index = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), index);
  if (error != std::errc{} || end != id.data() + id.size() || index < 1 || index > count)
    return std::nullopt;
  return index;
}

}  // namespace

std::string_view name_of(fault f) noexcept {
  switch (f) {
    case fault::none:
      return "none";
    case fault::refuse:
      return "refuse";
    case fault::rst:
      return "rst";
    case fault::silence:
      return "silence";
    case fault::rtcp_only:
      return "rtcp_only";
    case fault::drip:
      return "drip";
    case fault::freeze:
      return "freeze";
    case fault::black:
      return "black";
    case fault::wrong_password:
      return "wrong_password";
    case fault::slow_start:
      return "slow_start";
    case fault::intruder:
      return "intruder";
    case fault::power_cut:
      return "power_cut";
  }
  return "?";
}

std::string_view explanation_of(fault f) noexcept {
  switch (f) {
    case fault::none:
      return "heals the camera";
    case fault::refuse:
      return "nothing listens any more; running sessions are closed";
    case fault::rst:
      return "running sessions and new connections are cut by TCP RST";
    case fault::silence:
      return "RTSP still answers, but nothing is sent";
    case fault::rtcp_only:
      return "sender reports every 500 ms, no video";
    case fault::drip:
      return "one byte a second";
    case fault::freeze:
      return "the same picture again and again, clock standing still";
    case fault::black:
      return "a covered lens: black but for a little sensor noise";
    case fault::wrong_password:
      return "every password is refused; running sessions are closed";
    case fault::slow_start:
      return "each RTSP answer takes 2 seconds";
    case fault::intruder:
      return "somebody stands in the yard's lower right corner (cam-0003 and every third; no "
             "other)";
    case fault::power_cut:
      return "gone without a word: connections are taken and never answered, running ones hang";
  }
  return "?";
}

std::optional<fault> fault_from(std::string_view name) noexcept {
  for (const fault f : all_faults)
    if (name_of(f) == name) return f;
  return std::nullopt;
}

std::string_view name_of(const trouble& t) noexcept {
  return t.habit != nullptr ? t.habit->name : name_of(t.line);
}

std::optional<trouble> trouble_from(std::string_view name) {
  if (const auto line = fault_from(name)) return trouble{*line, nullptr};
  if (const quirk* habit = find_quirk(name)) return trouble{fault::none, habit};
  return std::nullopt;
}

std::string camera_id_of(unsigned index) { return fmt::format("cam-{:04}", index); }

result<std::vector<unsigned>> cameras_named(const std::vector<std::string>& items, unsigned count) {
  std::vector<unsigned> indexes;
  for (const std::string& item : items) {
    const std::size_t dots = item.find("..");
    std::optional<unsigned> first = index_of(std::string_view{item}.substr(0, dots), count);
    std::optional<unsigned> last = dots == std::string::npos
                                       ? first
                                       : index_of(std::string_view{item}.substr(dots + 2), count);
    if (item == "all") {
      first = 1;
      last = count;
    }
    if (!first || !last || *first > *last)
      return fail(errc::not_found,
                  fmt::format("\"{}\" is no camera of this farm ({} to {}, a range \"a..b\", or "
                              "\"all\")",
                              item, camera_id_of(1), camera_id_of(count)));
    for (unsigned i = *first; i <= *last; ++i) indexes.push_back(i);
  }
  std::sort(indexes.begin(), indexes.end());
  indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());
  return indexes;
}

}  // namespace vigie::simulators
