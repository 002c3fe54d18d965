// SPDX-License-Identifier: Apache-2.0
#include "app/legal_file.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <optional>

#include "config/legal_bases.hpp"
#include "journal/digest.hpp"

namespace vigie::app {
namespace {

constexpr std::string_view mark = "vigie-legal-bases 1 ";
constexpr std::uintmax_t max_bytes = 4 * 1024 * 1024;

std::optional<std::string> read_small(const std::filesystem::path& file) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(file, code) ||
      std::filesystem::file_size(file, code) > max_bytes || code)
    return std::nullopt;
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in) return std::nullopt;
  return text;
}

std::string digest_of(std::string_view text) {
  return journal::to_hex(journal::sha256({journal::bytes_of(text)}));
}

}  // namespace

std::filesystem::path signature_file(const std::filesystem::path& file) {
  auto out = file;
  out += ".sig";
  return out;
}

std::string sign_legal_text(std::string_view text, const journal::signing_key& key) {
  const auto body = fmt::format("{}{} {}", mark, digest_of(text), key.id());
  return body + ' ' + journal::to_hex(key.sign(body));
}

result<std::string> check_legal_signature(std::string_view text, std::string_view line,
                                          const journal::trusted_keys& keys) {
  while (line.ends_with('\n')) line.remove_suffix(1);
  const auto last = line.rfind(' ');
  // mark, 64 digits, a blank, 16 digits, a blank, 128 digits: nothing else is a signature.
  const auto body_size = mark.size() + 64 + 1 + 16;
  if (!line.starts_with(mark) || last != body_size || line.size() != body_size + 1 + 128 ||
      line[mark.size() + 64] != ' ')
    return fail(errc::config_invalid, "its signature file is not one of Vigie's");
  const auto made = journal::from_hex(line.substr(last + 1));
  const auto key_id = line.substr(mark.size() + 65, 16);
  if (!made || !keys.accepts(key_id, line.substr(0, last), *made))
    return fail(errc::config_invalid,
                fmt::format("key {} is not trusted, or did not sign this", key_id));
  if (line.substr(mark.size(), 64) != digest_of(text))
    return fail(errc::config_invalid, "the file was changed after it was signed");
  return std::string{key_id};
}

legal_file read_legal_file(const std::filesystem::path& file, const std::filesystem::path& key) {
  legal_file out;
  if (file.empty()) return out;
  const auto name = file.filename().string();
  const auto text = read_small(file);
  if (!text) {
    out.trouble = name + " cannot be read, or is over 4 MiB";
    return out;
  }
  out.sha256 = digest_of(*text);
  const auto line = read_small(signature_file(file));
  if (!line) {
    out.trouble = name + " is not signed";
    return out;
  }
  journal::trusted_keys keys;
  if (key.empty()) {
    out.trouble = "no legal_key says who may sign " + name;
    return out;
  }
  if (const auto added = keys.add_file(key); !added) {
    out.trouble = added.error().detail;
    return out;
  }
  auto signer = check_legal_signature(*text, *line, keys);
  if (!signer) {
    out.trouble = fmt::format("{}: {}", name, signer.error().detail);
    return out;
  }
  out.key_id = std::move(*signer);
  auto read = config::read_legal_bases(*text, file.string());
  out.findings = std::move(read.findings);
  if (read.bases)
    out.bases = std::move(*read.bases);
  else
    out.trouble = fmt::format("{} is signed, but not lawful: {}", name,
                              config::to_string(out.findings.front()));
  return out;
}

}  // namespace vigie::app
