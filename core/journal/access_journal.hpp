// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/purpose.hpp"
#include "storage/database.hpp"

namespace vigie::journal {

/// What was done with images, in the law's words (LEG-33, CSI R253-5).
enum class access_verb : std::uint8_t {
  collection = 1,  ///< images began or ceased to be taken
  modification,
  consultation,   ///< somebody saw images, live or recorded
  communication,  ///< images were handed to somebody
  erasure,
};
std::string_view name_of(access_verb v) noexcept;

/// [from, to) of recorded images.
struct image_interval {
  utc_us from = 0;
  utc_us to = 0;
  friend bool operator==(const image_interval&, const image_interval&) = default;
};

/// One line of the access log that LEG-33 requires.
struct access_entry {
  utc_us at = 0;
  std::string author;    ///< user name as authenticated by the bus
  commune_id authority;  ///< viewing authority on whose behalf (LEG-03)
  access_verb verb = access_verb::consultation;
  camera_id camera;
  domain::purpose purpose = domain::purpose::persons_and_property_safety;
  std::string reason;                      ///< in the author's words, never blank
  std::optional<image_interval> interval;  ///< none: live images
  std::string recipient;                   ///< who received the images; empty: the author alone
};

struct recorded_entry {
  std::int64_t sequence = 0;  ///< 1, 2, 3 … without holes
  access_entry entry;
};

struct journal_query {
  utc_us from = 0;  ///< entries with from ≤ at < to
  utc_us to = 0;
  std::int64_t after_sequence = 0;  ///< continues a previous answer
  std::size_t limit = 1000;
};

/// The append-only log of who collected, consulted, communicated or erased what, when, why and for
/// whom (LEG-33). Nothing here changes or removes an entry, and an UPDATE or DELETE in SQL is
/// refused. Whoever shows images appends first and shows nothing when that fails. Blocks on the
/// disk. [thread-safe]
class access_journal {
 public:
  /// Errors: db_failed, db_corrupt, disk_full. [startup]
  static result<access_journal> open(const std::filesystem::path& file);
  /// Over a database the caller opened with `durability::full`.
  static result<access_journal> over(storage::database db);
  access_journal(access_journal&&) noexcept;
  access_journal& operator=(access_journal&&) noexcept;
  ~access_journal();

  /// Durable when it returns; gives the entry's sequence number. Errors: reason_missing (blank
  /// reason), access_denied (no author or no authority), disk_full, db_failed, db_corrupt.
  result<std::int64_t> append(const access_entry& entry);
  /// In the order of sequence.
  result<std::vector<recorded_entry>> query(const journal_query& which);

 private:
  struct core;
  explicit access_journal(std::unique_ptr<core> c);
  std::unique_ptr<core> core_;
};

}  // namespace vigie::journal
