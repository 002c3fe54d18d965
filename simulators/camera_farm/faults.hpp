// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace vigie::simulators {

struct quirk;

/// The ways a camera of the farm fails.
enum class fault : std::uint8_t {
  none = 1,
  refuse,          ///< nothing listens; running sessions are closed
  rst,             ///< running sessions and new connections are cut by TCP RST
  silence,         ///< RTSP answers, nothing is sent
  rtcp_only,       ///< sender reports every 500 ms, no video
  drip,            ///< one byte a second of what is to be sent
  freeze,          ///< the same picture again and again; the counter in the SEI goes on
  black,           ///< a covered lens
  wrong_password,  ///< every password is refused; running sessions are closed
  slow_start,      ///< each RTSP answer takes 2 s
  intruder,        ///< somebody stands where nobody should; only cameras that show the yard
  power_cut,       ///< gone without a word: nothing is read, answered or closed until it heals
};

std::string_view name_of(fault f) noexcept;
std::optional<fault> fault_from(std::string_view name) noexcept;
/// A sentence per fault, for --help.
std::string_view explanation_of(fault f) noexcept;
inline constexpr fault all_faults[] = {fault::none,       fault::refuse,    fault::rst,
                                       fault::silence,    fault::rtcp_only, fault::drip,
                                       fault::freeze,     fault::black,     fault::wrong_password,
                                       fault::slow_start, fault::intruder,  fault::power_cut};

/// What a camera has been told to do wrong: a fault of the line or of the lens, or a quirk, or
/// (default) nothing.
struct trouble {
  fault line = fault::none;
  const quirk* habit = nullptr;
  friend bool operator==(const trouble&, const trouble&) = default;
};
std::string_view name_of(const trouble& t) noexcept;
/// By the name of a fault or of a quirk.
std::optional<trouble> trouble_from(std::string_view name);

/// "cam-0007": the id of camera `index`, counted from 1.
std::string camera_id_of(unsigned index);

/// Indexes (from 1, sorted, unique) named by "all", "cam-0003" or "cam-0005..cam-0014".
/// Errors: not_found, naming the item, when an item is no camera of a farm of `count`.
result<std::vector<unsigned>> cameras_named(const std::vector<std::string>& items, unsigned count);

}  // namespace vigie::simulators
