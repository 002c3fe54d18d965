// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
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
#include "journal/signing.hpp"
#include "storage/database.hpp"

namespace vigie::journal {

/// What was done, in the law's words where it has them (LEG-33, CSI R253-5).
enum class access_verb : std::uint8_t {
  collection = 1,  ///< images began or ceased to be taken
  modification,
  consultation,   ///< somebody saw images, live or recorded
  communication,  ///< images were handed to somebody
  erasure,
  verdict,        ///< an operator decided what an alarm is
  configuration,  ///< what the centre does, and within which rules, was set
  exercise,       ///< something was simulated towards a recipient
};
std::string_view name_of(access_verb v) noexcept;
std::optional<access_verb> verb_from(std::string_view name) noexcept;

/// [from, to) of recorded images.
struct image_interval {
  utc_us from = 0;
  utc_us to = 0;
  friend bool operator==(const image_interval&, const image_interval&) = default;
};

/// The authority of acts that concern no commune.
inline constexpr std::string_view centre_authority = "_";

/// One line of the access log that LEG-33 requires.
struct access_entry {
  utc_us at = 0;
  std::string author;    ///< user name as authenticated by the bus; "vigie" for the centre itself
  commune_id authority;  ///< viewing authority on whose behalf (LEG-03), or `centre_authority`
  access_verb verb = access_verb::consultation;
  camera_id camera;                        ///< empty: the act concerns no single camera
  std::optional<domain::purpose> purpose;  ///< of images; never absent where they are seen or given
  std::string reason;                      ///< in the author's words, never blank
  std::optional<image_interval> interval;  ///< none: live images
  std::string recipient;  ///< who received it; empty: the author alone. Several: an entry for each
  std::string detail;     ///< what belongs to the act: a file's digest, an incident's id
};

struct recorded_entry {
  std::int64_t sequence = 0;  ///< 1, 2, 3 … without holes
  access_entry entry;
  bool is_imported = false;  ///< written before the journal was chained
};

struct journal_query {
  utc_us from = 0;  ///< entries with from ≤ at < to
  utc_us to = 0;
  std::int64_t after_sequence = 0;  ///< continues a previous answer
  std::size_t limit = 1000;
};

struct journal_options {
  const clock* time = nullptr;  ///< outlives the journal; null: the machine's
  /// A batch is sealed when it holds so many entries …
  std::size_t batch_entries = 256;
  /// … or when its first one is so old. An end of the log younger than this rests on the head.
  std::chrono::seconds batch_age{600};
};

/// Longest text of one field, in bytes; longer ones are refused with config_invalid.
inline constexpr std::size_t longest_text = 65'536;

/// The append-only log of who collected, consulted, communicated or erased what, when, why and for
/// whom (LEG-33). Every entry is chained to the one before by SHA-256 and signed when it is written
/// (Ed25519); batches are sealed under a Merkle root by signed anchors, which are also appended to
/// a text file to be copied elsewhere. `audit.hpp` checks all of it. Whoever shows images appends
/// first and shows nothing when that fails. Blocks on the disk. [thread-safe]
class access_journal {
 public:
  /// Beside `file`: journal.key (secret, 0600), journal.pub and journal.anchors. Errors: db_failed,
  /// db_corrupt, disk_full, disk_failed, config_invalid (the key's file holds no key). [startup]
  static result<access_journal> open(const std::filesystem::path& file,
                                     journal_options options = {});
  /// Over a database the caller opened with `durability::full`, without an anchors file; `known`
  /// are keys of former days in PEM.
  static result<access_journal> over(storage::database db, signing_key key,
                                     journal_options options = {}, std::string_view known = {});
  access_journal(access_journal&&) noexcept;
  access_journal& operator=(access_journal&&) noexcept;
  ~access_journal();

  /// Durable when it returns; gives the entry's sequence number. Errors: reason_missing (blank
  /// reason), access_denied (no author, no authority, or no purpose where images are seen or
  /// given), config_invalid (a text too long), disk_full, db_failed, db_corrupt.
  result<std::int64_t> append(const access_entry& entry);
  /// In the order of sequence.
  result<std::vector<recorded_entry>> query(const journal_query& which);

  /// Seals what is due, erases what is three years old, and brings the anchors file up to date. To
  /// be called every few seconds, from a thread that may wait. What fails is tried again by the
  /// next call and never keeps `append` from working. Errors: those of the disk; db_corrupt when
  /// entries that wait for their seal were altered: they are never sealed.
  result<void> maintain();

 private:
  struct core;
  explicit access_journal(std::unique_ptr<core> c);
  static result<access_journal> build(storage::database db, signing_key key,
                                      journal_options options, trusted_keys known,
                                      std::filesystem::path anchors_file);
  std::unique_ptr<core> core_;
};

}  // namespace vigie::journal
