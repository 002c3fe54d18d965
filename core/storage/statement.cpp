// SPDX-License-Identifier: Apache-2.0
#include "storage/statement.hpp"

#include <sqlite3.h>

#include "storage/sqlite_error.hpp"

namespace vigie::storage {
namespace {

result<void> bound(sqlite3_stmt* s, int code) {
  if (code == SQLITE_OK) return {};
  return tl::unexpected{sqlite_error(sqlite3_db_handle(s), code, "binding a value")};
}

}  // namespace

void statement::finalizer::operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }

void statement::reset() noexcept {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

result<bool> statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  auto failure = sqlite_error(sqlite3_db_handle(statement_.get()), code, "running a statement");
  sqlite3_reset(statement_.get());
  return tl::unexpected{std::move(failure)};
}

result<void> statement::finish() {
  while (true) {
    auto row = step();
    if (row && *row) continue;
    reset();
    if (!row) return tl::unexpected{row.error()};
    return {};
  }
}

std::string_view statement::text(int column) const noexcept {
  const auto* chars = sqlite3_column_text(statement_.get(), column);
  if (chars == nullptr) return {};
  return {reinterpret_cast<const char*>(chars),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::span<const std::uint8_t> statement::blob(int column) const noexcept {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  if (bytes == nullptr) return {};
  return {static_cast<const std::uint8_t*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::int64_t statement::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_.get(), column);
}

double statement::real(int column) const noexcept {
  return sqlite3_column_double(statement_.get(), column);
}

bool statement::is_null(int column) const noexcept {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

result<void> statement::bind_null(int index) {
  return bound(statement_.get(), sqlite3_bind_null(statement_.get(), index));
}

result<void> statement::bind_integer(int index, std::int64_t value) {
  return bound(statement_.get(), sqlite3_bind_int64(statement_.get(), index, value));
}

result<void> statement::bind_real(int index, double value) {
  return bound(statement_.get(), sqlite3_bind_double(statement_.get(), index, value));
}

result<void> statement::bind_text(int index, std::string_view value) {
  // A null pointer would bind NULL; an empty text is not an absent one.
  const char* chars = value.data() != nullptr ? value.data() : "";
  return bound(statement_.get(), sqlite3_bind_text64(statement_.get(), index, chars, value.size(),
                                                     SQLITE_TRANSIENT, SQLITE_UTF8));
}

result<void> statement::bind_blob(int index, std::span<const std::uint8_t> value) {
  if (value.empty())
    return bound(statement_.get(), sqlite3_bind_zeroblob(statement_.get(), index, 0));
  return bound(statement_.get(), sqlite3_bind_blob64(statement_.get(), index, value.data(),
                                                     value.size(), SQLITE_TRANSIENT));
}

}  // namespace vigie::storage
