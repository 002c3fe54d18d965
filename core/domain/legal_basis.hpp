// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace vigie::domain {

/// The only events an algorithm was ever allowed to signal on the public road (LEG-51, décret
/// 2023-828). No other is known here, so no data can permit another.
enum class authorised_event : std::uint8_t {
  abandoned_object = 1,
  weapon,          ///< present or used
  wrong_way,       ///< a person or vehicle against the traffic's direction
  forbidden_zone,  ///< crossing into, or presence in, a forbidden or sensitive zone
  person_down,     ///< on the ground after a fall
  crowd_movement,
  density,  ///< excessive
  fire,     ///< outbreak of
};
std::string_view name_of(authorised_event e) noexcept;
std::optional<authorised_event> authorised_event_from(std::string_view name) noexcept;
std::vector<std::string_view> authorised_event_names();

/// What kind of body answers for the processing of a camera's images (responsable de traitement).
enum class controller_kind : std::uint8_t {
  national_police = 1,
  gendarmerie,
  fire_service,
  municipal_police,
  sncf_security,
  ratp_security,
  commune,
  epci,
  department,
  joint_authority,  ///< syndicat mixte: runs most departmental centres, listed by no basis so far
};
std::string_view name_of(controller_kind k) noexcept;
std::optional<controller_kind> controller_kind_from(std::string_view name) noexcept;
std::vector<std::string_view> controller_kind_names();

/// No end.
inline constexpr utc_us end_of_time = std::numeric_limits<utc_us>::max();

/// One permission to let an analysis signal security events: a law, and the act that applies it to
/// a place and a time (LEG-50, LEG-51). Data, dated and signed, never code (LEG-53). Lists that are
/// empty name nothing.
struct legal_basis {
  std::string id;           ///< "LOI-2023-380-ART10"
  std::string law;          ///< its reference, in the words of the law
  std::string order;        ///< reference of the préfet's order that applies it here
  bool is_enabled = false;  ///< a basis that is not is kept for the record and permits nothing
  utc_us valid_from = 0;
  utc_us valid_until = 0;  ///< exclusive
  std::vector<authorised_event> events;
  std::vector<controller_kind> controllers;
  std::string place;                 ///< in the order's words
  std::vector<commune_id> communes;  ///< all cameras of these …
  std::vector<camera_id> cameras;    ///< … and these
  std::uint32_t line = 0;            ///< of the file
  friend bool operator==(const legal_basis&, const legal_basis&) = default;
};

/// Whether a camera stands where the basis applies. [thread-safe]
bool covers(const legal_basis& basis, const commune_id& commune, const camera_id& camera);

/// One thing a set of bases makes possible: this event, by this kind of controller, at this place,
/// in [from, until).
struct permission {
  std::string basis;
  authorised_event event = authorised_event::fire;
  controller_kind controller = controller_kind::commune;
  std::string where;  ///< "commune 95018", "camera cam-0001"
  utc_us from = 0;
  utc_us until = 0;
  friend auto operator<=>(const permission&, const permission&) = default;
};

/// All that enabled bases permit at `now` or later, in order. What is over or disabled permits
/// nothing. [thread-safe]
std::vector<permission> permissions_of(const std::vector<legal_basis>& bases, utc_us now);

/// What a change of the data makes possible, and what it ends (D13). [thread-safe]
struct basis_change {
  std::vector<permission> opened;
  std::vector<permission> closed;
};
basis_change compare(const std::vector<legal_basis>& before, const std::vector<legal_basis>& after,
                     utc_us now);

}  // namespace vigie::domain
