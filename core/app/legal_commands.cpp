// SPDX-License-Identifier: Apache-2.0
#include "app/legal_commands.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <memory>

#include "app/legal_file.hpp"
#include "app/route_explain.hpp"
#include "base/clock.hpp"
#include "base/time_text.hpp"
#include "config/legal_bases.hpp"

namespace vigie::app {
namespace {

constexpr auto legal_help =
    R"(The legal bases on which an analysis may signal security events (LEG-50 to LEG-53): dated data in
a signed file, so that a change of the law is a change of data that people review.)";

constexpr auto check_help =
    R"(Checks signature and content of a file, and tells which basis is in force.

  vigie legal check configs/legal-bases.toml --key configs/legal-bases.pub

Exit code 0: it counts. 1: it is refused, and no basis of it permits anything.)";

constexpr auto sign_help =
    R"(Signs a reviewed file: writes FILE.sig beside it. The key is made at the first use (SECRET, mode
0600; its public half is added to --public); keep it off the centre's machines.

  vigie legal sign centre/legal-bases.toml --secret ~/legal.key --public centre/legal-bases.pub)";

constexpr auto diff_help =
    R"(What a new file makes possible, and what it ends: each event, controller and place, with its
period. Signatures are not looked at: this is for the review that comes before signing.

  vigie legal diff configs/legal-bases.toml /tmp/new-bases.toml
  vigie legal diff old.toml new.toml --at 2026-06-01T00:00

Exit code 0: nothing becomes possible. 1: something does. 2: a file is refused.)";

struct legal_request {
  std::filesystem::path file, other, key, secret, public_key;
  std::string at = "now";
};

/// The key that was named, or FILE.pub beside FILE.toml.
std::filesystem::path key_beside(const legal_request& r) {
  if (!r.key.empty()) return r.key;
  auto beside = r.file;
  return beside.replace_extension(".pub");
}

std::string state_of(const domain::legal_basis& b, utc_us now) {
  if (now >= b.valid_until) return "over";
  if (!b.is_enabled) return "disabled";
  return now < b.valid_from ? "not yet in force" : "in force";
}

template <class Value>
std::string names_of(const std::vector<Value>& values) {
  std::vector<std::string_view> out;
  for (const auto value : values) out.push_back(domain::name_of(value));
  return fmt::format("{}", fmt::join(out, ", "));
}

void print_basis(const domain::legal_basis& b, utc_us now) {
  fmt::print("{}: {}, from {} until {}\n", b.id, state_of(b, now), to_rfc3339(b.valid_from),
             to_rfc3339(b.valid_until));
  fmt::print("  events: {}\n  controllers: {}\n", names_of(b.events), names_of(b.controllers));
  std::vector<std::string> places;
  for (const auto& commune : b.communes) places.push_back("commune " + commune.str());
  for (const auto& camera : b.cameras) places.push_back("camera " + camera.str());
  fmt::print("  where: {}\n",
             places.empty() ? "nowhere" : fmt::format("{}", fmt::join(places, ", ")));
}

exit_code run_check(const legal_request& r, const clock& time) {
  const auto found = read_legal_file(r.file, key_beside(r));
  for (const auto& finding : found.findings) fmt::print("{}\n", config::to_string(finding));
  if (!found.trouble.empty()) {
    fmt::print("{} refused: {}\n", r.file.string(), found.trouble);
    return exit_code::failed;
  }
  for (const auto& basis : found.bases) print_basis(basis, time.utc());
  fmt::print("{} accepted: {} bases, signed by key {}, sha256 {}\n", r.file.string(),
             found.bases.size(), found.key_id, found.sha256);
  return exit_code::done;
}

std::optional<std::string> read_text(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

/// The bases of a file that nobody has to have signed yet.
std::optional<std::vector<domain::legal_basis>> read_draft(const std::filesystem::path& file) {
  const auto text = read_text(file);
  if (!text) {
    fmt::print(stderr, "vigie: {} cannot be read\n", file.string());
    return std::nullopt;
  }
  auto read = config::read_legal_bases(*text, file.string());
  for (const auto& finding : read.findings) fmt::print("{}\n", config::to_string(finding));
  return std::move(read.bases);
}

exit_code run_sign(const legal_request& r) {
  // A file that is not lawful is not worth a signature.
  if (!read_draft(r.file)) return exit_code::incomplete;
  const auto key = journal::signing_key::load_or_create(r.secret, r.public_key);
  if (!key) {
    fmt::print(stderr, "vigie: {}\n", to_string(key.error()));
    return exit_code::failed;
  }
  const auto text = read_text(r.file);
  std::ofstream out{signature_file(r.file), std::ios::binary | std::ios::trunc};
  out << sign_legal_text(text.value_or(std::string{}), *key) << '\n';
  out.close();
  if (!out) {
    fmt::print(stderr, "vigie: cannot write {}\n", signature_file(r.file).string());
    return exit_code::failed;
  }
  fmt::print("{} signed with key {}\n", r.file.string(), key->id());
  return exit_code::done;
}

void print_permissions(const std::vector<domain::permission>& all, std::string_view sign) {
  for (const auto& p : all)
    fmt::print("{} {}: {} by {} at {}, {} until {}\n", sign, p.basis, domain::name_of(p.event),
               domain::name_of(p.controller), p.where, to_rfc3339(p.from), to_rfc3339(p.until));
}

exit_code run_diff(const legal_request& r, const clock& time) {
  const auto at = instant_from(r.at, time);
  if (!at) {
    fmt::print(stderr, "vigie: {}\n", at.error().detail);
    return exit_code::usage;
  }
  const auto before = read_draft(r.file);
  const auto after = read_draft(r.other);
  if (!before || !after) return exit_code::incomplete;
  const auto change = domain::compare(*before, *after, *at);
  fmt::print("becomes possible:{}\n", change.opened.empty() ? " nothing" : "");
  print_permissions(change.opened, "+");
  fmt::print("is no longer possible:{}\n", change.closed.empty() ? " nothing" : "");
  print_permissions(change.closed, "-");
  return change.opened.empty() ? exit_code::done : exit_code::failed;
}

}  // namespace

std::function<exit_code()> add_legal_commands(CLI::App& cli) {
  auto request = std::make_shared<legal_request>();
  auto& r = *request;
  auto* legal = cli.add_subcommand("legal", legal_help);
  legal->require_subcommand(1);
  auto* check = legal->add_subcommand("check", check_help);
  check->add_option("FILE", r.file, "legal bases in TOML")->required();
  check->add_option("--key", r.key, "who may sign, PEM; otherwise FILE with .pub for .toml");
  auto* sign = legal->add_subcommand("sign", sign_help);
  sign->add_option("FILE", r.file, "legal bases in TOML")->required();
  sign->add_option("--secret", r.secret, "the signing key, PEM; made when it is not there")
      ->required();
  sign->add_option("--public", r.public_key, "where its public half stands, or is added")
      ->required();
  auto* diff = legal->add_subcommand("diff", diff_help);
  diff->add_option("OLD", r.file, "the bases as they are")->required();
  diff->add_option("NEW", r.other, "the bases as proposed")->required();
  diff->add_option("--at", r.at, "what counts from then on: local, UTC with Z, or now");
  return [request, check, sign] {
    const system_clock time;
    if (check->parsed()) return run_check(*request, time);
    if (sign->parsed()) return run_sign(*request);
    return run_diff(*request, time);
  };
}

}  // namespace vigie::app
