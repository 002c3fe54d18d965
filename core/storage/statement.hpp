// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/result.hpp"

struct sqlite3_stmt;

namespace vigie::storage {

/// A compiled statement, kept and run many times. Belongs to the thread of its database. [worker]
///
///     auto query = db.prepare("SELECT id, name FROM t WHERE at >= ?");
///     if (auto bound = query->bind(from); !bound) return …;
///     for (auto row = query->step(); ; row = query->step()) {
///       if (!row) return tl::unexpected{row.error()};
///       if (!*row) break;
///       use(query->get<std::int64_t>(0), query->get<std::optional<std::string>>(1));
///     }
class statement {
 public:
  /// Starts over with these values for the parameters in order: integers, bool, double, text
  /// (copied), blob (`std::span<const std::uint8_t>`, copied), `std::nullopt`, optionals of these.
  template <class... Args>
  result<void> bind(const Args&... args) {
    reset();
    int index = 0;
    result<void> outcome;
    (void)((outcome = bind_one(++index, args), outcome.has_value()) && ...);
    return outcome;
  }
  /// True: a row is there. False: done. Errors: db_failed, db_corrupt, disk_full.
  result<bool> step();
  /// Binds and steps to the end, ignoring rows; leaves the statement reset.
  template <class... Args>
  result<void> run(const Args&... args) {
    if (auto bound = bind(args...); !bound) return bound;
    return finish();
  }
  /// Ends the reading of rows, which frees the snapshot the statement holds.
  void reset() noexcept;

  /// A column of the current row, counted from 0. T: an integer, bool, double, std::string,
  /// std::vector<std::uint8_t>, or std::optional of these (NULL ⇒ empty). NULL read as a plain T
  /// gives its zero value.
  template <class T>
  T get(int column) const {
    if constexpr (is_optional<T>::value) {
      if (is_null(column)) return std::nullopt;
      return get<typename T::value_type>(column);
    } else if constexpr (std::same_as<T, std::string>) {
      return std::string{text(column)};
    } else if constexpr (std::same_as<T, std::vector<std::uint8_t>>) {
      const auto bytes = blob(column);
      return T(bytes.begin(), bytes.end());
    } else if constexpr (std::floating_point<T>) {
      return static_cast<T>(real(column));
    } else {
      static_assert(std::integral<T>);
      return static_cast<T>(integer(column));
    }
  }
  /// Views stay valid until the next step, bind or reset.
  std::string_view text(int column) const noexcept;
  std::span<const std::uint8_t> blob(int column) const noexcept;
  std::int64_t integer(int column) const noexcept;
  double real(int column) const noexcept;
  bool is_null(int column) const noexcept;

 private:
  friend class database;
  template <class T>
  struct is_optional : std::false_type {};
  template <class T>
  struct is_optional<std::optional<T>> : std::true_type {};
  struct finalizer {
    void operator()(sqlite3_stmt* s) const noexcept;
  };
  explicit statement(sqlite3_stmt* s) noexcept : statement_{s} {}

  template <class T>
  result<void> bind_one(int index, const T& value) {
    if constexpr (std::same_as<T, std::nullopt_t>) {
      return bind_null(index);
    } else if constexpr (is_optional<T>::value) {
      return value ? bind_one(index, *value) : bind_null(index);
    } else if constexpr (std::integral<T>) {
      return bind_integer(index, static_cast<std::int64_t>(value));
    } else if constexpr (std::floating_point<T>) {
      return bind_real(index, static_cast<double>(value));
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      return bind_text(index, value);
    } else {
      static_assert(std::convertible_to<const T&, std::span<const std::uint8_t>>);
      return bind_blob(index, value);
    }
  }
  result<void> bind_null(int index);
  result<void> bind_integer(int index, std::int64_t value);
  result<void> bind_real(int index, double value);
  result<void> bind_text(int index, std::string_view value);
  result<void> bind_blob(int index, std::span<const std::uint8_t> value);
  result<void> finish();

  std::unique_ptr<sqlite3_stmt, finalizer> statement_;
};

}  // namespace vigie::storage
