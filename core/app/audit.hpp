// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "app/commands.hpp"

// `vigie audit …`: a journal read by whoever has the files, without a centre and without a secret.
namespace vigie::app {

/// What the subcommands are told; each uses its part.
struct audit_request {
  std::filesystem::path data;     ///< folder with journal.db (a centre's data_dir, or a copy)
  std::filesystem::path key;      ///< public keys in PEM; empty: journal.pub of that folder
  std::filesystem::path anchors;  ///< a copy of the anchors; empty: journal.anchors, if there
  std::filesystem::path proof;    ///< a proof to check
  std::int64_t sequence = 0;      ///< the entry to prove
  std::string from;               ///< RFC 3339 in UTC; empty: from the beginning
  std::string to;
  std::string author;  ///< empty: everybody
  std::string camera;
  std::string authority;
  std::string verb;
  bool as_json = false;
};

/// Exit code `failed` when something is wrong with the journal, `incomplete` when it could not be
/// read. [startup]
exit_code audit_verify(const audit_request& request);
/// Entries, oldest first, on stdout.
exit_code audit_show(const audit_request& request);
/// The last anchor's line on stdout.
exit_code audit_anchor(const audit_request& request);
/// The proof of entry `sequence` on stdout.
exit_code audit_prove(const audit_request& request);
/// Checks a proof's file against `key`; tells the entry.
exit_code audit_check_proof(const audit_request& request);

}  // namespace vigie::app
