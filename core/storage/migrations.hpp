// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "storage/database.hpp"

namespace vigie::storage {

/// One step of a schema's history. Once released, neither its number nor its text ever changes.
struct migration {
  int number = 1;         ///< 1, 2, 3 … without holes
  std::string_view name;  ///< for messages: "access entries"
  std::string_view sql;   ///< one or several statements
};

/// Brings `db` to the last of `steps`, each in its own transaction together with its number, so
/// that a crash leaves a whole step or none. Errors: db_failed, among others for a file written by
/// a newer Vigie, which is left untouched. [startup]
result<void> migrate(database& db, std::span<const migration> steps);

}  // namespace vigie::storage
