// SPDX-License-Identifier: Apache-2.0
#include "app/audit_commands.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "app/audit.hpp"

namespace vigie::app {
namespace {

constexpr auto audit_help =
    R"(The journal of who collected, consulted, communicated or erased which images, when, why and
for whom (LEG-33). Everything here only reads, works on a copy, and needs no centre.)";

constexpr auto verify_help =
    R"(Checks every entry, every seal and the end of the journal, and names the first bad entry.

  vigie audit verify --data /var/lib/vigie
  vigie audit verify --data copy --key kept/journal.pub --anchors kept/journal.anchors

A journal set back as a whole to an older state shows only against anchors kept elsewhere.
Exit code 0: whole. 1: tampered with. 2: could not be read.)";

constexpr auto show_help =
    R"(Entries, oldest first.

  vigie audit show --data /var/lib/vigie --authority 95018 --from 2026-11-01T00:00:00Z --json)";

constexpr auto anchor_help =
    R"(The last signed anchor, one line: keep it where nobody who can write the journal can.)";

constexpr auto prove_help =
    R"(Writes a proof of at most 2 KB that a sealed entry is in the journal.

  vigie audit prove 4711 --data /var/lib/vigie > entry.proof)";

constexpr auto check_help =
    R"(Checks a proof with nothing but the public key, and tells the entry. Exit code 1: refused.)";

}  // namespace

std::function<exit_code()> add_audit_commands(CLI::App& cli) {
  auto request = std::make_shared<audit_request>();
  auto& r = *request;
  auto* audit = cli.add_subcommand("audit", audit_help);
  audit->require_subcommand(1);
  const auto add = [&](const char* name, const char* help) {
    auto* sub = audit->add_subcommand(name, help);
    sub->add_option("--data", r.data, "folder with journal.db: a centre's data_dir, or a copy")
        ->required();
    return sub;
  };
  auto* verify = add("verify", verify_help);
  verify->add_option("--key", r.key, "public keys in PEM; otherwise journal.pub of the folder");
  verify->add_option("--anchors", r.anchors, "anchors kept elsewhere; otherwise journal.anchors");
  verify->add_flag("--json", r.as_json, "one JSON document instead of text");
  auto* show = add("show", show_help);
  show->add_option("--from", r.from, "UTC, included: 2026-11-21T20:00:00Z");
  show->add_option("--to", r.to, "UTC, excluded");
  show->add_option("--author", r.author, "only this user's");
  show->add_option("--camera", r.camera, "only of this camera");
  show->add_option("--authority", r.authority, "only under this authority (INSEE code)");
  show->add_option("--verb", r.verb, "only of this kind: consultation, erasure, …");
  show->add_flag("--json", r.as_json, "one JSON document a line");
  auto* anchor = add("anchor", anchor_help);
  auto* prove = add("prove", prove_help);
  prove->add_option("SEQUENCE", r.sequence, "number of the entry")->required();
  auto* check = audit->add_subcommand("check-proof", check_help);
  check->add_option("FILE", r.proof, "the proof")->required();
  check->add_option("--key", r.key, "the public key in PEM")->required();
  return [=] {
    if (verify->parsed()) return audit_verify(*request);
    if (show->parsed()) return audit_show(*request);
    if (anchor->parsed()) return audit_anchor(*request);
    if (prove->parsed()) return audit_prove(*request);
    return audit_check_proof(*request);
  };
}

}  // namespace vigie::app
