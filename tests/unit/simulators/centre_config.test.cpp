// SPDX-License-Identifier: Apache-2.0
#include "centre_config/centre_config.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace {

using namespace vigie::simulators;

std::vector<std::string> lines_with(const std::string& text, const std::string& part) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (line.find(part) != std::string::npos) found.push_back(line);
    at = end + 1;
  }
  return found;
}

TEST_CASE("centre config: the same options give the text of configs/demo.toml") {
  std::ifstream file{"configs/demo.toml"};
  const std::string committed{std::istreambuf_iterator<char>{file}, {}};
  CHECK(make_centre_config({}).value() == committed);
}

TEST_CASE("centre config: every camera once, ids unique, sites and communes as asked") {
  for (const auto& [cameras, communes, sites] :
       {std::array{24U, 3U, 8U}, std::array{1U, 1U, 1U}, std::array{200U, 20U, 60U},
        std::array{97U, 2U, 31U}}) {
    CAPTURE(cameras);
    centre_options options;
    options.cameras = cameras;
    options.communes = communes;
    options.sites = sites;
    const std::string text = make_centre_config(options).value();
    CHECK(lines_with(text, "insee = ").size() == communes);
    CHECK(lines_with(text, "kind = ").size() == sites);
    const auto urls = lines_with(text, "url = ");
    CHECK(std::set<std::string>{urls.begin(), urls.end()}.size() == cameras);
    const auto ids = lines_with(text, " id = ");
    CHECK(std::set<std::string>{ids.begin(), ids.end()}.size() == sites + cameras);
    CHECK(cameras_of_site(fleet_of(options), sites).last == cameras);
    CHECK(cameras_of_commune(fleet_of(options), communes).last == cameras);
  }
}

TEST_CASE("centre config: the profiles have the sizes of their centres, each code and id once") {
  for (const auto& [profile, cameras, communes] :
       {std::tuple{"oise", 3'000U, 151U}, std::tuple{"val-d-oise", 2'000U, 20U},
        std::tuple{"strasbourg", 766U, 27U}}) {
    CAPTURE(profile);
    const std::string text = make_centre_config(sizes_of(profile).value()).value();
    const auto codes = lines_with(text, "insee = ");
    CHECK(codes.size() == communes);
    CHECK(std::set<std::string>{codes.begin(), codes.end()}.size() == communes);
    CHECK(lines_with(text, "url = ").size() == cameras);
    const auto ids = lines_with(text, " id = ");
    CHECK(std::set<std::string>{ids.begin(), ids.end()}.size() == ids.size());
  }
  CHECK_FALSE(sizes_of("paris"));
}

TEST_CASE("centre config: the password stands outside") {
  centre_options options;
  options.password_file = "secret.txt";
  const std::string text = make_centre_config(options).value();
  CHECK(text.find("password_file = \"secret.txt\"") != std::string::npos);
  CHECK(text.find("password_env") == std::string::npos);
}

TEST_CASE("centre config: what cannot be shared out is refused") {
  centre_options few;
  few.sites = 2;
  CHECK_FALSE(make_centre_config(few));
  centre_options many;
  many.communes = most_communes(department::val_doise) + 1;
  many.sites = many.communes;
  many.cameras = many.communes;
  CHECK_FALSE(make_centre_config(many));
}

}  // namespace
