// SPDX-License-Identifier: Apache-2.0
#include "app/audit.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/time_text.hpp"
#include "journal/anchor_file.hpp"
#include "journal/audit.hpp"
#include "journal/entry_bytes.hpp"
#include "journal/proof.hpp"

namespace vigie::app {
namespace {

using nlohmann::json;

/// 2: the journal was not judged, which says nothing about it.
exit_code not_read(const error& why) {
  fmt::print(stderr, "vigie audit: {}\n", to_string(why));
  return exit_code::incomplete;
}

result<journal::trusted_keys> keys_of(const audit_request& request) {
  journal::trusted_keys keys;
  const auto file = request.key.empty() ? request.data / "journal.pub" : request.key;
  if (auto added = keys.add_file(file); !added) return tl::unexpected{added.error()};
  return keys;
}

json to_json(const journal::audit_finding& f) {
  json j{{"what", journal::name_of(f.what)}, {"text", f.text}};
  if (f.first != 0) {
    j["sequence"] = f.first;
    j["last"] = f.last;
  }
  if (f.anchor != 0) j["anchor"] = f.anchor;
  return j;
}

void tell(const journal::audit_verdict& v, bool is_own_key) {
  for (const auto& f : v.findings) fmt::print("{}: {}\n", journal::name_of(f.what), f.text);
  fmt::print("{}: {} entries to {}, {} under {} anchors to {}", v.is_ok() ? "whole" : "TAMPERED",
             v.entries, v.last, v.sealed_to - v.pruned_to, v.anchors, v.sealed_to);
  if (v.pruned_to > 0) fmt::print(", {} erased after three years", v.pruned_to);
  if (v.imported > 0) fmt::print(", {} from before the chain", v.imported);
  fmt::print("\n");
  if (is_own_key)
    fmt::print(
        "checked with the key that lies beside the journal; --key takes one kept elsewhere\n");
}

/// A field on one line of a terminal.
std::string on_one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out;
}

void tell_entry(const journal::stored_entry& e, bool as_json) {
  if (!as_json) {
    fmt::print("{} {} {} {} {} {} {} «{}»{}{}{}\n", e.sequence, to_rfc3339(e.at), e.verb,
               on_one_line(e.author), e.authority, e.camera.empty() ? "-" : on_one_line(e.camera),
               e.purpose.empty() ? "-" : on_one_line(e.purpose), on_one_line(e.reason),
               e.from && e.to ? fmt::format(" {}/{}", to_rfc3339(*e.from), to_rfc3339(*e.to)) : "",
               e.recipient.empty() ? "" : " to " + on_one_line(e.recipient),
               e.detail.empty() ? "" : " (" + on_one_line(e.detail) + ")");
    return;
  }
  json j{{"sequence", e.sequence},
         {"at", to_rfc3339(e.at)},
         {"verb", e.verb},
         {"author", e.author},
         {"authority", e.authority},
         {"camera", e.camera},
         {"purpose", e.purpose},
         {"reason", e.reason},
         {"recipient", e.recipient},
         {"detail", e.detail},
         {"hash", journal::to_hex(e.hash)},
         {"imported", e.origin == static_cast<std::int64_t>(journal::entry_origin::imported)}};
  if (e.from) j["from"] = to_rfc3339(*e.from);
  if (e.to) j["to"] = to_rfc3339(*e.to);
  fmt::print("{}\n", j.dump(-1, ' ', false, json::error_handler_t::replace));
}

/// A bound of time; `otherwise` when none was given.
result<utc_us> time_or(const std::string& text, utc_us otherwise) {
  if (text.empty()) return otherwise;
  const auto t = from_rfc3339(text);
  if (!t) return fail(errc::config_invalid, text + ": not a time like 2026-11-21T20:00:00Z");
  return *t;
}

}  // namespace

exit_code audit_verify(const audit_request& request) {
  const auto keys = keys_of(request);
  if (!keys) return not_read(keys.error());
  // Before the snapshot: a running centre adds to the database first and to this file afterwards.
  const auto file = request.anchors.empty() ? request.data / "journal.anchors" : request.anchors;
  const auto lines = journal::read_anchor_lines(file);
  if (!lines && !request.anchors.empty()) return not_read(lines.error());
  auto db = journal::open_for_audit(request.data / "journal.db");
  if (!db) return not_read(db.error());
  const auto verdict = journal::audit(
      *db, *keys, lines ? std::optional{*lines} : std::optional<std::vector<std::string>>{});
  if (!verdict) {
    // A file that SQLite itself cannot read any more is not a whole journal.
    not_read(verdict.error());
    return verdict.error().code == errc::db_corrupt ? exit_code::failed : exit_code::incomplete;
  }
  if (!request.as_json) {
    tell(*verdict, request.key.empty());
  } else {
    json j{{"ok", verdict->is_ok()},          {"entries", verdict->entries},
           {"last", verdict->last},           {"sealed_to", verdict->sealed_to},
           {"pruned_to", verdict->pruned_to}, {"anchors", verdict->anchors},
           {"imported", verdict->imported},   {"findings", json::array()}};
    for (const auto& f : verdict->findings) j["findings"].push_back(to_json(f));
    fmt::print("{}\n", j.dump());
  }
  return verdict->is_ok() ? exit_code::done : exit_code::failed;
}

exit_code audit_show(const audit_request& request) {
  const auto from = time_or(request.from, INT64_MIN);
  const auto to = time_or(request.to, INT64_MAX);
  if (!from) return not_read(from.error());
  if (!to) return not_read(to.error());
  auto db = journal::open_for_audit(request.data / "journal.db");
  if (!db) return not_read(db.error());
  auto query = db->prepare(fmt::format(
      "SELECT {} FROM entry WHERE at_us >= ?1 AND at_us < ?2 AND (?3 = '' OR author = ?3) "
      "AND (?4 = '' OR camera = ?4) AND (?5 = '' OR authority = ?5) AND (?6 = '' OR verb = ?6) "
      "ORDER BY sequence",
      journal::stored_columns));
  if (!query) return not_read(query.error());
  if (auto bound =
          query->bind(*from, *to, request.author, request.camera, request.authority, request.verb);
      !bound)
    return not_read(bound.error());
  while (true) {
    const auto row = query->step();
    if (!row) return not_read(row.error());
    if (!*row) return exit_code::done;
    tell_entry(journal::read_stored(*query), request.as_json);
  }
}

exit_code audit_anchor(const audit_request& request) {
  auto db = journal::open_for_audit(request.data / "journal.db");
  if (!db) return not_read(db.error());
  auto query = db->prepare("SELECT line FROM anchor ORDER BY number DESC LIMIT 1");
  if (!query) return not_read(query.error());
  const auto row = query->step();
  if (!row) return not_read(row.error());
  if (!*row) return not_read({errc::not_found, "nothing is sealed yet"});
  fmt::print("{}\n", query->text(0));
  return exit_code::done;
}

exit_code audit_prove(const audit_request& request) {
  auto db = journal::open_for_audit(request.data / "journal.db");
  if (!db) return not_read(db.error());
  const auto proof = journal::prove(*db, request.sequence);
  if (!proof) {
    (void)not_read(proof.error());
    return proof.error().code == errc::db_corrupt ? exit_code::failed : exit_code::incomplete;
  }
  fmt::print("{}", *proof);
  return exit_code::done;
}

exit_code audit_check_proof(const audit_request& request) {
  const auto keys = keys_of(request);
  if (!keys) return not_read(keys.error());
  std::ifstream in{request.proof, std::ios::binary};
  if (!in) return not_read({errc::not_found, "cannot read " + request.proof.string()});
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto proven = journal::check_proof(text, *keys);
  if (!proven) {
    fmt::print("refused: {}\n", proven.error().detail);
    return exit_code::failed;
  }
  fmt::print("entry {} is in the journal: anchor {} of {} sealed it, key {}\n", proven->sequence,
             proven->sealed_by.number, to_rfc3339(proven->sealed_by.at), proven->sealed_by.key_id);
  fmt::print("sha256 of its bytes: {}\n", journal::to_hex(proven->canonical_digest));
  if (const auto told = journal::describe_canonical(proven->canonical)) fmt::print("{}", *told);
  return exit_code::done;
}

}  // namespace vigie::app
