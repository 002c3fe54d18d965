// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/centre_config.hpp"
#include "config/load.hpp"
#include "domain/legal_basis.hpp"
#include "journal/signing.hpp"

// The signed file of legal bases (D13): a TOML file, and beside it FILE.sig, one line
// "vigie-legal-bases 1 <SHA-256 of the file> <key id> <Ed25519 signature>", all in lower-case hex;
// the signature is over everything before the space in front of it.
namespace vigie::app {

/// Where the signature of `file` lies.
std::filesystem::path signature_file(const std::filesystem::path& file);

/// The line that signs `text`, without line end. [thread-safe]
std::string sign_legal_text(std::string_view text, const journal::signing_key& key);

/// Whether `line` signs exactly this text with one of the keys; gives the key's id. Errors:
/// config_invalid, with what is wrong in words. [thread-safe]
result<std::string> check_legal_signature(std::string_view text, std::string_view line,
                                          const journal::trusted_keys& keys);

/// A file of legal bases as it lies there. Only `bases` of a file without `trouble` may permit
/// anything.
struct legal_file {
  std::vector<domain::legal_basis> bases;
  std::string trouble;  ///< why nothing counts, "" when all is well
  std::string sha256;   ///< of the file; empty: there is none
  std::string key_id;   ///< who signed it
  std::vector<config::finding> findings;
};

/// Reads, checks the signature, and only then looks at what the text says. Never fails: what is
/// wrong is `trouble`, and nothing is permitted then. An empty path is a centre without such a
/// file: no trouble, no basis.
legal_file read_legal_file(const std::filesystem::path& file, const std::filesystem::path& key);

}  // namespace vigie::app
