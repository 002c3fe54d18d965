// SPDX-License-Identifier: Apache-2.0
#include "app/legal_file.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "base/time_text.hpp"
#include "domain/analysis_gate.hpp"
#include "journal/digest.hpp"
#include "support/temporary_folder.hpp"

using namespace vigie;

namespace {

constexpr std::string_view text = R"([[basis]]
id = "TEST-1"
law = "a law"
order = "an order"
enabled = true
valid_from = 2026-03-01
valid_until = 2026-03-31
events = ["fire"]
controllers = ["fire_service"]
place = "the yard"
cameras = ["cam-0001"]
)";

void write(const std::filesystem::path& file, std::string_view what) {
  std::ofstream{file, std::ios::binary} << what;
}

/// A file, its signature and the key that made it.
struct signed_bench {
  test::temporary_folder folder;
  journal::signing_key key = *journal::signing_key::generate();
  std::filesystem::path file = folder.path() / "legal-bases.toml";
  std::filesystem::path pub = folder.path() / "legal-bases.pub";
  signed_bench() {
    write(file, text);
    write(pub, key.public_pem());
    write(app::signature_file(file), app::sign_legal_text(text, key) + "\n");
  }
};

}  // namespace

TEST_CASE("legal file: a signed file is read, and says who signed it") {
  const signed_bench bench;
  const auto found = app::read_legal_file(bench.file, bench.pub);
  CHECK(found.trouble.empty());
  CHECK(found.bases.size() == 1);
  CHECK(found.key_id == bench.key.id());
}

TEST_CASE("legal file: one changed byte of the file refuses all of it") {
  const signed_bench bench;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed{text};
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write(bench.file, changed);
    const auto found = app::read_legal_file(bench.file, bench.pub);
    CAPTURE(at);
    CHECK_FALSE(found.trouble.empty());
    CHECK(found.bases.empty());
  }
}

TEST_CASE("legal file: one changed byte of the signature refuses the file") {
  const signed_bench bench;
  const auto line = app::sign_legal_text(text, bench.key);
  journal::trusted_keys keys;
  REQUIRE(keys.add_pem(bench.key.public_pem()));
  REQUIRE(app::check_legal_signature(text, line, keys));
  for (std::size_t at = 0; at < line.size(); ++at) {
    auto changed = line;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CAPTURE(at);
    CHECK_FALSE(app::check_legal_signature(text, changed, keys));
    CHECK_FALSE(app::check_legal_signature(text, std::string_view{line}.substr(0, at), keys));
  }
}

TEST_CASE("legal file: without signature, key or trust in the key nothing counts") {
  const signed_bench bench;
  CHECK(app::read_legal_file({}, {}).bases.empty());
  CHECK(app::read_legal_file(bench.file, {}).trouble.find("legal_key") != std::string::npos);
  const auto other = *journal::signing_key::generate();
  write(bench.pub, other.public_pem());
  CHECK(app::read_legal_file(bench.file, bench.pub).trouble.find("not trusted") !=
        std::string::npos);
  std::filesystem::remove(app::signature_file(bench.file));
  CHECK(app::read_legal_file(bench.file, bench.pub).trouble.find("not signed") !=
        std::string::npos);
  CHECK(app::read_legal_file(bench.file, bench.pub).bases.empty());
}

TEST_CASE("legal file: an unlawful file does not count, though it is signed") {
  const signed_bench bench;
  std::string wrong{text};
  wrong.replace(wrong.find("\"fire\""), 6, "\"faces\"");
  write(bench.file, wrong);
  write(app::signature_file(bench.file), app::sign_legal_text(wrong, bench.key));
  const auto found = app::read_legal_file(bench.file, bench.pub);
  CHECK_FALSE(found.trouble.empty());
  CHECK_FALSE(found.findings.empty());
  CHECK(found.bases.empty());
}

TEST_CASE("legal file: the journal's key does not sign legal bases by signing entries") {
  const signed_bench bench;
  journal::trusted_keys keys;
  REQUIRE(keys.add_pem(bench.key.public_pem()));
  const auto body = "vigie-entry 1 " + journal::to_hex(journal::sha256({journal::bytes_of(text)})) +
                    " " + bench.key.id();
  CHECK_FALSE(
      app::check_legal_signature(text, body + " " + journal::to_hex(bench.key.sign(body)), keys));
}

TEST_CASE(
    "legal file: the one Vigie ships is signed, and the experiment of 2023 is over (LEG-51)") {
  const auto source = std::filesystem::path{std::getenv("VIGIE_SOURCE")} / "configs";
  const auto shipped =
      app::read_legal_file(source / "legal-bases.toml", source / "legal-bases.pub");
  REQUIRE_MESSAGE(shipped.trouble.empty(), shipped.trouble);
  REQUIRE(shipped.bases.size() == 1);
  auto basis = shipped.bases.front();
  CHECK(basis.id == "LOI-2023-380-ART10");
  CHECK_FALSE(basis.is_enabled);
  CHECK(to_rfc3339(basis.valid_until) == "2025-03-31T22:00:00.000Z");
  CHECK(basis.events.size() == 8);
  using domain::controller_kind;
  CHECK(basis.controllers ==
        std::vector{controller_kind::national_police, controller_kind::gendarmerie,
                    controller_kind::fire_service, controller_kind::municipal_police,
                    controller_kind::sncf_security, controller_kind::ratp_security});

  // Even enabled for a place, as during the Games: open on its last second, shut on the next.
  basis.is_enabled = true;
  basis.communes = {commune_id{"95018"}};
  domain::gate_rules rules;
  rules.bases = {basis};
  rules.enablings = {{"org.test.fire", camera_id{"c"}, "alba", "bruno", 0, domain::end_of_time}};
  domain::analysis_question q;
  q.plugin = "org.test.fire";
  q.events = {"fire"};
  q.purposes = {"rescue_and_fire"};
  q.camera = camera_id{"c"};
  q.commune = commune_id{"95018"};
  q.controller = controller_kind::fire_service;
  q.camera_purposes = {domain::purpose::rescue_and_fire};
  q.at = *from_rfc3339("2025-03-31T21:59:59Z");
  CHECK(domain::ask_gate(q, rules).is_open);
  q.controller = controller_kind::joint_authority;
  CHECK_FALSE(domain::ask_gate(q, rules).is_open);
  q.controller = controller_kind::fire_service;
  q.at = *from_rfc3339("2025-03-31T22:00:00Z");
  CHECK_FALSE(domain::ask_gate(q, rules).is_open);
}
