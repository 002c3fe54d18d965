// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace vigie::simulators {

/// The departments a simulated centre may stand in.
enum class department : unsigned char { val_doise = 1, oise, bas_rhin };

/// How a department and its centre are called.
struct department_words {
  std::string_view code;         ///< "95"
  std::string_view of_the;       ///< "of the Val-d'Oise"
  std::string_view centre_id;    ///< "demo"
  std::string_view centre_name;  ///< "Centre de démonstration du Val-d'Oise"
};
department_words words_of(department d);

struct commune_words {
  std::string insee;  ///< of the official geographic code, or, for an invented commune, beyond it
  std::string name;
  std::string slug;
};

/// Commune `index` (from 0) of a department. The largest ones are real; where a centre needs more,
/// the others are invented and called so.
commune_words commune_of(department d, unsigned index);
/// How many there can be.
unsigned most_communes(department d);

}  // namespace vigie::simulators
