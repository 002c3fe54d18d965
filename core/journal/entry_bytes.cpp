// SPDX-License-Identifier: Apache-2.0
#include "journal/entry_bytes.hpp"

#include <fmt/format.h>

#include <array>

#include "journal/merkle.hpp"

namespace vigie::journal {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::array<std::uint8_t, 1> chain_prefix{0x02};

class byte_writer {
 public:
  void u8(std::uint8_t v) { out_.push_back(v); }
  void u64(std::uint64_t v) {
    for (int shift = 56; shift >= 0; shift -= 8) u8(static_cast<std::uint8_t>(v >> shift));
  }
  void i64(std::int64_t v) { u64(static_cast<std::uint64_t>(v)); }
  void maybe(const std::optional<std::int64_t>& v) {
    u8(v ? 1 : 0);
    if (v) i64(*v);
  }
  void text(std::string_view t) {
    const auto size = static_cast<std::uint32_t>(t.size());
    for (int shift = 24; shift >= 0; shift -= 8) u8(static_cast<std::uint8_t>(size >> shift));
    out_.insert(out_.end(), t.begin(), t.end());
  }
  std::vector<std::uint8_t> take() { return std::move(out_); }

 private:
  std::vector<std::uint8_t> out_;
};

}  // namespace

stored_entry read_stored(const storage::statement& row) {
  stored_entry e;
  e.sequence = row.integer(0);
  e.origin = row.integer(1);
  e.at = row.integer(2);
  e.verb = row.text(3);
  e.author = row.text(4);
  e.authority = row.text(5);
  e.camera = row.text(6);
  e.purpose = row.text(7);
  e.reason = row.text(8);
  e.from = row.get<std::optional<utc_us>>(9);
  e.to = row.get<std::optional<utc_us>>(10);
  e.recipient = row.text(11);
  e.detail = row.text(12);
  e.hash = row.get<std::vector<std::uint8_t>>(13);
  e.made = row.get<std::vector<std::uint8_t>>(14);
  return e;
}

std::vector<std::uint8_t> canonical_bytes(const stored_entry& e) {
  byte_writer w;
  w.u8(format_version);
  w.i64(e.origin);
  w.i64(e.sequence);
  w.i64(e.at);
  w.text(e.verb);
  w.text(e.author);
  w.text(e.authority);
  w.text(e.camera);
  w.text(e.purpose);
  w.text(e.reason);
  w.maybe(e.from);
  w.maybe(e.to);
  w.text(e.recipient);
  w.text(e.detail);
  return w.take();
}

digest chain_hash(const digest& previous, const digest& canonical_digest) {
  return sha256({chain_prefix, previous, canonical_digest});
}

digest chain_hash(const digest& previous, const stored_entry& e) {
  return chain_hash(previous, sha256({canonical_bytes(e)}));
}

std::string entry_message(std::int64_t sequence, const digest& hash) {
  return fmt::format("vigie-entry 1 {} {}", sequence, to_hex(hash));
}

digest entry_leaf(byte_view hash, byte_view made) { return leaf_hash({hash, made}); }

}  // namespace vigie::journal
