// SPDX-License-Identifier: Apache-2.0
#include "storage/migrations.hpp"

#include <fmt/format.h>

namespace vigie::storage {

result<void> migrate(database& db, std::span<const migration> steps) {
  const auto version = db.user_version();
  if (!version) return tl::unexpected{version.error()};
  const int newest = steps.empty() ? 0 : steps.back().number;
  if (*version > newest)
    return fail(
        errc::db_failed,
        fmt::format("the file has schema {}, this Vigie knows {}: it was written by a newer "
                    "one and is left untouched",
                    *version, newest));
  for (const auto& step : steps) {
    if (step.number <= *version) continue;
    const auto run = [&]() -> result<void> {
      auto guard = transaction::begin(db);
      if (!guard) return tl::unexpected{guard.error()};
      if (auto done = db.exec(step.sql); !done) return done;
      if (auto done = db.set_user_version(step.number); !done) return done;
      return guard->commit();
    };
    if (auto done = run(); !done)
      return fail(done.error().code, fmt::format("migration {} ({}): {}", step.number, step.name,
                                                 done.error().detail));
  }
  return {};
}

}  // namespace vigie::storage
