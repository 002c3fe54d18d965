// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/manifest.hpp"

#include <doctest/doctest.h>
#include <vigie/analytics.h>

#include <fstream>
#include <string>

#include "plugin_host/event_names.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace vigie;
using namespace vigie::plugin_host;

const std::string hash(64, 'a');

std::string good() {
  return "id = \"fr.vigie.black\"\n"
         "kind = \"analytics\"\n"
         "version = \"1.0.0\"\n"
         "abi = \"1.0\"\n"
         "library = \"libvigie_black.so\"\n"
         "sha256 = \"" +
         hash +
         "\"\n"
         "[permissions]\n"
         "network = [\"camera\"]\n"
         "files = [\"/etc/vigie/model.bin\"]\n"
         "[analytics]\n"
         "class = \"technical\"\n"
         "events = [\"picture_black\"]\n"
         "purposes = []\n";
}

/// The refusal's text for the good manifest with one part replaced.
std::string refusal(const std::string& part, const std::string& by) {
  auto text = good();
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  text.replace(at, part.size(), by);
  const auto parsed = parse_manifest(text, "m");
  REQUIRE(!parsed);
  CHECK(parsed.error().code == errc::config_invalid);
  return parsed.error().detail;
}

}  // namespace

TEST_CASE("manifest: a complete one is read") {
  const auto m = parse_manifest(good(), "m");
  REQUIRE(m);
  CHECK(m->id == "fr.vigie.black");
  CHECK(m->kind == plugin_kind::analytics);
  CHECK(m->abi_major == 1);
  CHECK(m->abi_minor == 0);
  CHECK(m->network == std::vector{network_reach::camera});
  CHECK(m->files == std::vector<std::filesystem::path>{"/etc/vigie/model.bin"});
  CHECK(m->analysis == analysis_class::technical);
  CHECK(m->events == std::vector<std::int32_t>{VIGIE_EVENT_PICTURE_BLACK});
}

TEST_CASE("manifest: what is unknown, missing or wrong is refused with its line") {
  CHECK(refusal("version = \"1.0.0\"", "vershun = \"1\"") == "m:3: unknown key \"vershun\"");
  CHECK(refusal("version = \"1.0.0\"\n", "").find("\"version\" is missing") != std::string::npos);
  CHECK(refusal("abi = \"1.0\"", "abi = 1").starts_with("m:4: "));
  CHECK(refusal("\"1.0\"", "\"one\"").starts_with("m:4: abi"));
  CHECK(refusal("\"analytics\"", "\"codec\"").starts_with("m:2: kind"));
  CHECK(refusal("\"analytics\"", "\"notifier\"").find("[analytics]") != std::string::npos);
  CHECK(refusal("\"fr.vigie.black\"", "\"Black Box\"").starts_with("m:1: id"));
  CHECK(refusal("\"libvigie_black.so\"", "\"../x.so\"").starts_with("m:5: library"));
  CHECK(refusal(hash, "12ab").starts_with("m:6: sha256"));
  CHECK(refusal("\"camera\"", "\"moon\"").starts_with("m:8: unknown network permission"));
  CHECK(refusal("\"camera\"", "\"camera\", \"camera\"").find("twice") != std::string::npos);
  CHECK(refusal("/etc/vigie/model.bin", "/etc/../root").starts_with("m:9: file permission"));
  CHECK(refusal("\"technical\"", "\"secret\"").starts_with("m:11: class"));
  CHECK(refusal("\"picture_black\"", "\"ufo\"") == "m:12: unknown event \"ufo\"");
  CHECK(refusal("\"picture_black\"", "1").starts_with("m:12: "));
  CHECK(refusal("[permissions]", "[permissions").starts_with("m:7"));
}

TEST_CASE("manifest: events that speak of persons' attributes are refused with their rule") {
  for (const char* name : {"face_match", "gender", "person_gait", "plate_read", "emotion_anger"}) {
    CAPTURE(name);
    CHECK(refusal("picture_black", name).find("LEG-22") != std::string::npos);
  }
  CHECK(!sounds_biometric("surface_water"));
  CHECK(!sounds_biometric("camera_moved"));
}

TEST_CASE("manifest: a library is believed only with the promised hash") {
  test::temporary_folder folder;
  std::ofstream{folder / "libvigie_black.so"} << "abc";
  auto m = parse_manifest(good(), "m");
  REQUIRE(m);
  CHECK(!check_library(folder.path(), *m));
  // FIPS 180-2, appendix B.1.
  m->sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  CHECK(check_library(folder.path(), *m));
  m->library = "absent.so";
  const auto absent = check_library(folder.path(), *m);
  REQUIRE(!absent);
  CHECK(absent.error().code == errc::not_found);
}
