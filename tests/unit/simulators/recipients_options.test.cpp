// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "recipients/ledger.hpp"
#include "recipients/options.hpp"

namespace {

using namespace vigie::simulators;

constexpr const char* tls = R"([tls]
certificate_file = "c.pem"
key_file = "k.pem"
client_ca_file = "ca.pem"
)";

TEST_CASE("recipients: one of each kind goes by its kind's name") {
  const auto o = parse_recipients(std::string{tls} + R"([cap]
listen = "127.0.0.1:1"
[smtp]
listen = "127.0.0.1:2"
tls = "implicit"
[webhook]
secret = "not listening"
)");
  REQUIRE(o);
  REQUIRE(o->desks.size() == 2);
  CHECK(o->desks[0].name == "cap");
  CHECK(o->desks[1].name == "smtp");
  CHECK(o->desks[1].is_tls_from_the_start);
}

TEST_CASE("recipients: several of a kind have names of their own") {
  const auto o = parse_recipients(std::string{tls} + R"([[desk]]
name = "corg-60"
kind = "cap"
listen = "127.0.0.1:1"
sender = "corg"
[[desk]]
name = "cic-60"
kind = "cap"
listen = "127.0.0.1:2"
[[desk]]
name = "pm-creil"
kind = "webhook"
listen = "127.0.0.1:3"
secret = "a shared secret of 16 bytes or more"
)");
  REQUIRE(o);
  REQUIRE(o->desks.size() == 3);
  CHECK(o->desks[0].sender == "corg");
  CHECK(o->desks[2].kind == desk_kind::webhook);
}

TEST_CASE("recipients: what cannot be is refused") {
  const auto refused = [](const std::string& text) { return !parse_recipients(text).has_value(); };
  const std::string desk = "[[desk]]\nname = \"a\"\nkind = \"cap\"\nlisten = \"127.0.0.1:1\"\n";
  CHECK_FALSE(refused(tls + desk));
  CHECK(refused(tls + desk + desk));
  CHECK(refused(std::string{tls} + "[[desk]]\nname = \"a\"\nkind = \"fax\"\n"));
  CHECK(refused(std::string{tls} + "[[desk]]\nkind = \"cap\"\n"));
  CHECK(refused(tls + desk + "secret = \"of a webhook\"\n"));
  CHECK(refused(std::string{tls} + "[smtp]\nlisten = \"127.0.0.1:1\"\ntls = \"maybe\"\n"));
  CHECK(refused("[tls]\ncertificate_file = \"c\"\nkey_file = \"k\"\n" + desk));
  CHECK(refused(desk));
  CHECK(refused("["));
}

TEST_CASE("ledger: the second of a key has no effect, another content is a conflict") {
  ledger book;
  CHECK(book.take("corg", "k1", "text"));
  CHECK_FALSE(book.take("corg", "k1", "text"));
  CHECK_FALSE(book.take("corg", "k1", "other"));
  CHECK(book.take("cic", "k1", "text"));
  book.turn_away("cic", "no XML");
  const auto told = nlohmann::json::parse(book.to_json());
  CHECK(told["recipients"]["corg"] ==
        nlohmann::json{{"keys", 1}, {"attempts", 3}, {"effects", 1}, {"conflicts", 1}});
  CHECK(told["recipients"]["cic"]["attempts"] == 1);
  CHECK(told["turned_away"].size() == 1);
}

}  // namespace
