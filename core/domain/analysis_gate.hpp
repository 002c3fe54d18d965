// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/analysis_enabling.hpp"
#include "domain/legal_basis.hpp"
#include "domain/purpose.hpp"

// The purpose gate (M17): may this analysis look at this camera now? Default deny.
namespace vigie::domain {

/// What an analysis of pictures is for; decides which law it stands under.
enum class analysis_purpose : std::uint8_t {
  technical = 1,   ///< the camera's own state, nothing about persons (LEG-57)
  statistical,     ///< anonymous aggregates above a threshold (LEG-57)
  security_event,  ///< signals a human looks at (LEG-51, LEG-52)
};
std::string_view name_of(analysis_purpose p) noexcept;

/// Who asks to look at what, and when.
struct analysis_question {
  std::string plugin;
  analysis_purpose purpose = analysis_purpose::security_event;
  std::vector<std::string> events;    ///< every event its manifest declares
  std::vector<std::string> purposes;  ///< purposes its manifest declares
  camera_id camera;
  commune_id commune;
  controller_kind controller = controller_kind::joint_authority;
  std::vector<domain::purpose> camera_purposes;
  utc_us at = 0;
};

/// What stands in data and configuration.
struct gate_rules {
  std::vector<legal_basis> bases;  ///< of a file whose signature holds; empty otherwise
  std::string bases_trouble;       ///< why there are none: "… is not signed"; empty: there are
  std::uint32_t aggregation_threshold = 0;  ///< of statistics; 0: none is set
  std::vector<analysis_enabling> enablings;
};

/// One thing the law wants of this question, and whether it holds.
struct gate_condition {
  std::string name;   ///< "event", "controller", …; stable
  std::string basis;  ///< id of the basis it is about; empty: not about one
  bool holds = false;
  std::string rule;  ///< "LEG-50" or "M17"
  std::string en;    ///< what was found, one sentence without its full stop
  std::string fr;
  std::string who_en;  ///< who can change it, and how; empty where it holds
  std::string who_fr;
};

struct gate_answer {
  bool is_open = false;
  utc_us open_until = 0;  ///< exclusive; `end_of_time`: no date ends it. 0 while shut
  std::string basis;      ///< what opens it; empty: none is needed, or none does
  /// Every condition, in the order of the law. Those of a basis that does not match do not shut the
  /// gate when another matches.
  std::vector<gate_condition> conditions;

  /// What keeps the gate shut: the condition that decided; null while it is open.
  const gate_condition* refusal() const noexcept;
};

/// The rule itself. Technical analyses pass; statistics pass with a threshold (LEG-57); what
/// signals security events needs one enabled basis, in force, of a signed file, that matches all
/// its events, the controller and the camera's place (LEG-50, LEG-51), a purpose the camera has
/// (LEG-10), and two persons' decision (M17). [thread-safe]
gate_answer ask_gate(const analysis_question& question, const gate_rules& rules);

/// The refusal as everything else reports failures: access_denied, the detail opens with the rule.
/// [thread-safe]
result<void> to_result(const gate_answer& answer);

/// Why a statistic does not leave the centre (LEG-57).
enum class statistic_verdict : std::uint8_t {
  published = 1,
  suppressed,    ///< a count below the threshold: few enough to be somebody
  single_event,  ///< not an aggregate at all
};
statistic_verdict judge_statistic(std::string_view event, std::uint32_t count,
                                  std::uint32_t threshold) noexcept;

}  // namespace vigie::domain
