// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"

struct sqlite3;

namespace vigie::storage {

/// Turns a SQLite result code other than OK, ROW and DONE into an error; `doing` opens its detail.
/// Private to this module.
error sqlite_error(sqlite3* db, int code, std::string_view doing);

}  // namespace vigie::storage
