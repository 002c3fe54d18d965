// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "common_notifier/notification.hpp"
#include "common_notifier/text.hpp"

namespace vigie::phone_script {

/// Whom to call.
struct callee {
  std::string name;    ///< "CORG du Val-d'Oise"
  std::string number;  ///< as it is dialled: "01 23 45 67 89"
  std::string second;  ///< where to try next, may be empty
};

struct caller {
  std::string centre;  ///< how the operator says where they call from
  notifier::time_zone zone;
};

/// A French telephone number or a short one: digits, blanks, dots, '-', one leading '+', with 2 to
/// 15 digits.
bool is_number(std::string_view text);

/// What the operator sees: the number, the words to say, what to note afterwards. Lines end with
/// '\n'. Begins and ends with the mark when it is not the real thing.
std::string write_script(const caller& from, const callee& to, const notifier::notification& n);

}  // namespace vigie::phone_script
