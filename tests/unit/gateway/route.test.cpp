// SPDX-License-Identifier: Apache-2.0
#include "gateway/route.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace vigie::gateway;

TEST_SUITE("gateway/route") {
  TEST_CASE("route: every address of the gateway leads where it should") {
    using k = route_kind;
    CHECK(parse_target("/") == route{k::page_file, "", "index.html"});
    CHECK(parse_target("/?x=1") == route{k::page_file, "", "index.html"});
    CHECK(parse_target("/assets/app-1.js") == route{k::page_file, "", "assets/app-1.js"});
    CHECK(parse_target("/a%20b.txt") == route{k::page_file, "", "a b.txt"});
    CHECK(parse_target("/console.json") == route{k::console, "", ""});
    CHECK(parse_target("/metrics?a") == route{k::metrics, "", ""});
    CHECK(parse_target("/healthz") == route{k::health, "", ""});
    CHECK(parse_target("/live/abc.def") == route{k::live, "abc.def", ""});
    CHECK(parse_target("/clip/abc.def/cam-1_2026.mp4") == route{k::clip, "abc.def", "cam-1_2026"});
  }

  TEST_CASE("route: nothing leaves its folder, however it is spelled") {
    for (const char* target : {"/../etc/passwd",
                               "/..",
                               "/a/../../b",
                               "/%2e%2e/x",
                               "/%2E./x",
                               "/..%2fetc/passwd",
                               "/a%2f..%2f..%2fb",
                               "/a/..%5cb",
                               "/a\\..\\b",
                               "/.env",
                               "/.git/config",
                               "/a/.hidden",
                               "//etc/passwd",
                               "/a//b",
                               "/a/",
                               "/%00",
                               "/a%0ab",
                               "/%7f",
                               "/%",
                               "/%1",
                               "/%zz",
                               "",
                               "x",
                               "http://host/x",
                               "*",
                               "/live",
                               "/live/",
                               "/live/a/b",
                               "/clip/t",
                               "/clip/t/x",
                               "/clip/t/.mp4",
                               "/clip/t/a/b.mp4",
                               "/clip/t/..%2fx.mp4"}) {
      CAPTURE(target);
      CHECK_FALSE(parse_target(target));
    }
  }

  TEST_CASE("route: an escape is decoded once only") {
    CHECK(parse_target("/%252e%252e/x") == route{route_kind::page_file, "", "%2e%2e/x"});
  }

  TEST_CASE("route: an endless target is refused") {
    CHECK_FALSE(parse_target("/" + std::string(10'000, 'a')));
  }

  TEST_CASE("route: content types follow the ending") {
    CHECK(content_type_of("index.html") == "text/html; charset=utf-8");
    CHECK(content_type_of("assets/app.js") == "text/javascript; charset=utf-8");
    CHECK(content_type_of("x.mp4") == "video/mp4");
    CHECK(content_type_of("README") == "application/octet-stream");
  }
}
