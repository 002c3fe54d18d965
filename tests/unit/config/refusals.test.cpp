// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "config/load.hpp"
#include "config_bench.hpp"

using namespace vigie;

namespace {

/// One wrong configuration. The lines where findings are expected carry the mark `#<`, once per
/// finding; `rule` and `says` are those of the first.
struct refusal {
  const char* name;
  std::string toml;
  const char* rule;
  const char* says;
};

const std::string head = "[defaults]\nretention_days = 15\npurposes = [\"rescue_and_fire\"]\n";
const std::string site = "[[commune]]\ninsee = \"95018\"\n[[commune.site]]\nid = \"mairie\"\n";
const std::string camera = "[[commune.site.camera]]\nid = \"cam-1\"\nurl = \"rtsp://10.0.0.1/a\"\n";
const std::string other = "[[commune.site.camera]]\nid = \"cam-2\"\nurl = \"rtsp://10.0.0.2/a\"\n";

std::string with_url(const std::string& url) {
  return head + site + "[[commune.site.camera]]\nid = \"cam-1\"\nurl = \"" + url + "\" #<\n";
}
std::string with_id(const std::string& id) {
  return head + site + "[[commune.site.camera]]\nid = \"" + id +
         "\" #<\nurl = \"rtsp://10.0.0.1/a\"\n";
}
std::string with_insee(const std::string& line) { return head + "[[commune]]\n" + line + " #<\n"; }

const refusal refusals[] = {
    {"syntax", "[centre]\nid = \"demo\nname = 1\n", "", "not TOML"},
    {"duplicate key", "[centre]\nid = \"a\"\nid = \"b\" #<\n", "", "not TOML"},
    // -- unknown and mistyped ---
    {"unknown section", "[gatewy] #<\nport = 8080\n", "", "gatewy is unknown"},
    {"unknown key", "[gateway]\nprot = 8080 #<\n", "", "prot is unknown in [gateway]"},
    {"unknown camera key", head + site + camera + "retension_days = 3 #<\n", "",
     "retension_days is unknown in camera \"cam-1\""},
    {"text for a number", "[gateway]\nport = \"8080\" #<\n", "", "is text, not a whole number"},
    {"number for a text", "[centre]\nid = 95 #<\n", "", "is a whole number, not text"},
    {"text for a flag", "[picture]\nenabled = \"yes\" #<\n", "", "not true or false"},
    {"text for a list", "[defaults]\nretention_days = 1\npurposes = \"rescue_and_fire\" #<\n", "",
     "not a list of texts"},
    {"number in a list", "[defaults]\npurposes = [1] #<\n", "", "not a list of texts"},
    {"value for a section", "bus = 4222 #<\n", "", "not a table"},
    {"one bracket", "[commune] #<\ninsee = \"95018\"\n", "", "not a list of tables"},
    {"decimal", "[gateway]\nport = 80.5 #<\n", "", "decimal"},
    // -- ranges ---
    {"port 0", "[gateway]\nport = 0 #<\n", "", "out of range"},
    {"port 65536", "[bus]\nport = 65536 #<\n", "", "out of range"},
    {"same port", "[gateway]\nport = 9222 #<\n", "", "are both 9222"},
    {"same two ports", "[bus]\nport = 5000\nwebsocket_port = 5000 #<\n", "", "are both 5000"},
    {"segment of 0", "[recording]\nsegment_seconds = 0 #<\n", "", "out of range"},
    {"negative space", "[recording]\nkeep_free_bytes = -1 #<\n", "", "out of range"},
    {"interval", "[picture]\ninterval_ms = 5 #<\n", "", "out of range"},
    {"shards", "[node]\nshards = 1000 #<\n", "", "out of range"},
    // -- plugins ---
    {"plugin without id", "[[plugin]] #<\nisolation = \"child\"\n", "", "a plugin has no id"},
    {"plugin id", "[[plugin]]\nid = \"onvif\" #<\n", "", "is not a plugin id"},
    {"plugin twice", "[[plugin]]\nid = \"a.b\"\n[[plugin]]\nid = \"a.b\" #<\n", "",
     "already stands on line"},
    {"isolation", "[[plugin]]\nid = \"a.b\"\nisolation = \"none\" #<\n", "", "is no isolation"},
    {"protocol of no plugin", head + site + camera + "protocol = \"fr.vigie.onvif\" #<\n", "",
     "no plugin fr.vigie.onvif is loaded"},
    // -- ids ---
    {"upper-case id", with_id("Cam-1"), "", "cannot be the id"},
    {"blank in id", with_id("cam 1"), "", "cannot be the id"},
    {"dot in id", with_id("cam.1"), "", "cannot be the id"},
    {"accent in id", with_id("caméra"), "", "cannot be the id"},
    {"empty id", with_id(""), "", "cannot be the id"},
    {"reserved id", with_id("_"), "", "cannot be the id"},
    {"leading dash", with_id("-cam"), "", "cannot be the id"},
    {"no id", head + site + "[[commune.site.camera]] #<\nurl = \"rtsp://10.0.0.1/a\"\n", "",
     "has no id"},
    {"site without id",
     head + "[[commune]]\ninsee = \"95018\"\n[[commune.site]] #<\nname = \"x\"\n", "", "has no id"},
    {"node id", "[node]\nid = \"Node\" #<\n", "", "cannot be the id"},
    {"duplicate camera",
     head + site + camera +
         "[[commune.site.camera]]\nid = \"cam-1\" #<\nurl = "
         "\"rtsp://10.0.0.2/a\"\n",
     "", "camera \"cam-1\" already stands on line 9"},
    {"camera of another commune",
     head + site + camera +
         "[[commune]]\ninsee = \"95127\"\n[[commune.site]]\nid = "
         "\"b\"\n[[commune.site.camera]]\nid = \"cam-1\" #<\nurl = "
         "\"rtsp://10.0.0.2/a\"\n",
     "", "already stands on line 9"},
    {"duplicate site", head + site + "[[commune.site]]\nid = \"mairie\" #<\n", "",
     "site \"mairie\" already stands on line 7"},
    {"duplicate commune", head + site + "[[commune]]\ninsee = \"95018\" #<\n", "",
     "already stands on line 5"},
    {"duplicate Corsican commune",
     "[[commune]]\ninsee = \"2A004\"\n[[commune]]\ninsee = \"2a004\" #<\n", "",
     "already stands on line 2"},
    // -- INSEE codes ---
    {"short insee", with_insee("insee = \"9501\""), "", "not an INSEE code"},
    {"long insee", with_insee("insee = \"950180\""), "", "not an INSEE code"},
    {"letter in insee", with_insee("insee = \"9C018\""), "", "not an INSEE code"},
    {"2C", with_insee("insee = \"2C018\""), "", "not an INSEE code"},
    {"A alone", with_insee("insee = \"1A018\""), "", "not an INSEE code"},
    {"insee as number", with_insee("insee = 95018"), "", "is a whole number, not text"},
    {"no insee", head + "[[commune]] #<\nname = \"Argenteuil\"\n", "", "has no insee"},
    // -- the law ---
    {"no purpose",
     "[defaults]\nretention_days = 3\n" + site +
         "[[commune.site.camera]] #<\nid = "
         "\"cam-1\"\nurl = \"rtsp://10.0.0.1/a\"\n",
     "LEG-10", "camera \"cam-1\" has no purpose"},
    {"empty purposes", head + site + camera + "purposes = [] #<\n", "LEG-10", "purposes is empty"},
    {"unknown purpose", head + site + camera + "purposes = [\"terorism_prevention\"] #<\n",
     "LEG-10", "no purpose the law knows"},
    {"purpose twice",
     head + site + camera + "purposes = [\"rescue_and_fire\", \"rescue_and_fire\"] #<\n", "",
     "named twice"},
    {"no retention",
     "[defaults]\npurposes = [\"rescue_and_fire\"]\n" + site +
         "[[commune.site.camera]] #<\nid = \"cam-1\"\nurl = \"rtsp://10.0.0.1/a\"\n",
     "LEG-30", "has no retention_days"},
    {"retention 0", head + site + camera + "retention_days = 0 #<\n", "LEG-30", "is no delay"},
    {"retention -1", head + site + camera + "retention_days = -1 #<\n", "LEG-30", "is no delay"},
    {"retention 31", head + site + camera + "retention_days = 31 #<\n", "LEG-30", "over one month"},
    {"retention 45 inherited by two cameras",
     "[defaults]\nretention_days = 45 #<\npurposes = [\"rescue_and_fire\"]\n" + site + camera +
         other,
     "LEG-30", "over one month"},
    {"retention of a site",
     head + "[[commune]]\ninsee = \"95018\"\n[[commune.site]]\nid = \"a\"\n"
            "retention_days = 9999999999 #<\n",
     "LEG-30", "over one month"},
    {"audio", head + site + camera + "audio = true #<\n", "LEG-21", "sound"},
    {"audio in defaults", head + "audio = true #<\n", "LEG-21", "sound"},
    {"unknown regime", head + site + camera + "regime = \"public_raod\" #<\n", "",
     "no legal regime"},
    // -- addresses ---
    {"no url", head + site + "[[commune.site.camera]] #<\nid = \"cam-1\"\n", "", "has no url"},
    {"http", with_url("http://10.0.0.1/a"), "", "not of a camera"},
    {"no scheme", with_url("10.0.0.1/a"), "", "not of a camera"},
    {"credentials", with_url("rtsp://admin:hunter2@10.0.0.1/a"), "", "holds credentials"},
    {"user alone", with_url("rtsp://admin@10.0.0.1/a"), "", "holds credentials"},
    {"password in the query", with_url("rtsp://10.0.0.1/a?user=admin&password=hunter2"), "",
     "holds a password"},
    {"password in the path", with_url("rtsp://10.0.0.1/user=admin&password=hunter2&channel=1"), "",
     "holds a password"},
    {"no host", with_url("rtsp:///a"), "", "names no host"},
    {"port of url", with_url("rtsp://10.0.0.1:99999/a"), "", "port of the url"},
    {"port 0 of url", with_url("rtsp://10.0.0.1:0/a"), "", "port of the url"},
    {"port text", with_url("rtsp://[::1]:http/a"), "", "port of the url"},
    {"blank in url", with_url("rtsp://10.0.0.1/a b"), "", "blank"},
    {"same url",
     head + site + camera +
         "[[commune.site.camera]]\nid = \"cam-2\"\nurl = \"rtsp://10.0.0.1/a\" #<\n",
     "", "the camera of line 10 has the same url"},
    // -- secrets ---
    {"password in clear", head + site + camera + "username = \"a\"\npassword = \"hunter2\" #<\n",
     "", "password in clear"},
    {"bus password in clear", "[bus]\npassword = \"hunter2\" #<\n", "", "password in clear"},
    {"default password in clear",
     head + "username = \"a\"\npassword = \"hunter2\" #<\n" + site + camera, "",
     "password in clear"},
    {"missing password file",
     head + "username = \"a\"\npassword_file = \"none.secret\" #<\n" + site + camera + other, "",
     "does not exist"},
    {"open password file", head + "username = \"a\"\npassword_file = \"open.secret\" #<\n", "",
     "open to every user"},
    {"empty password file", head + "username = \"a\"\npassword_file = \"empty.secret\" #<\n", "",
     "holds no password"},
    {"folder as password file", head + "username = \"a\"\npassword_file = \".\" #<\n", "",
     "does not exist"},
    {"missing variable", head + "username = \"a\"\npassword_env = \"NOT_THERE\" #<\n", "",
     "NOT_THERE is not set"},
    {"two passwords",
     head + "username = \"a\"\npassword_file = \"good.secret\"\npassword_env = "
            "\"GOOD\" #<\n",
     "", "has password_file and password_env"},
    {"password without a name", head + "password_env = \"GOOD\" #<\n" + site + camera + other, "",
     "no username"},
    {"bus url", "[bus]\nurl = \"http://10.0.0.1\" #<\n", "", "not of a NATS server"},
    {"bus credentials", "[bus]\nurl = \"nats://a:hunter2@10.0.0.1\" #<\n", "", "holds credentials"},
    {"listen", "[gateway]\nlisten = \"\" #<\n", "", "not an address"},
    {"public url", "[gateway]\npublic_url = \"vigie.example\" #<\n", "", "not a web address"},
    {"empty path", "[centre]\ndata_dir = \"\" #<\n", "", "is empty"},
    {"control character", "[centre]\nname = \"a\\nb\" #<\n", "", "control character"},
    // -- all at once ---
    {"every error, in order",
     "[gateway]\nport = 0 #<\nprot = 1 #<\n" + head + site +
         "[[commune.site.camera]]\nid = \"Cam\" #<\nurl = \"x\" #<\naudio = true #<\n"
         "[[commune.site.camera]]\nid = \"cam-2\"\nretention_days = 31 #<\nurl = "
         "\"rtsp://10.0.0.2/a\"\npurposes = [\"nothing\"] #<\n",
     "", "out of range"},
};

}  // namespace

TEST_SUITE_BEGIN("config");

TEST_CASE("config: what is wrong is refused on its line, by its rule, with a remedy") {
  test::config_bench bench;
  bench.environment["GOOD"] = "secret";
  bench.write("good.secret", "secret\n");
  bench.write("open.secret", "secret\n", 0644);
  bench.write("empty.secret", "\n");
  for (const refusal& r : refusals) {
    CAPTURE(std::string{r.name});
    const auto outcome = bench.load(r.toml);
    CHECK_FALSE(outcome.config);
    REQUIRE_FALSE(outcome.findings.empty());
    std::vector<std::uint32_t> lines;
    for (const auto& f : outcome.findings) {
      lines.push_back(f.line);
      CAPTURE(config::to_string(f));
      CHECK(f.file == bench.file().string());
      CHECK(f.column > 0);
      CHECK_FALSE(f.message.empty());
      CHECK_FALSE(f.remedy.empty());
      CHECK(config::to_string(f).find("hunter2") == std::string::npos);
    }
    if (r.toml.find("#<") != std::string::npos) CHECK(lines == test::marked_lines(r.toml));
    const auto& first = outcome.findings[0];
    CHECK(first.rule == r.rule);
    CAPTURE(first.message);
    CHECK(first.message.find(r.says) != std::string::npos);
  }
}

TEST_CASE("config: columns point at the value") {
  test::config_bench bench;
  const auto outcome = bench.load("[gateway]\nport = 70000\n");
  REQUIRE(outcome.findings.size() == 1);
  CHECK(outcome.findings[0].line == 2);
  CHECK(outcome.findings[0].column == 8);
}

TEST_CASE("config: a slip of the pen is answered with what was meant") {
  test::config_bench bench;
  const auto remedy = [&](const std::string& toml) {
    const auto outcome = bench.load(toml);
    REQUIRE(outcome.findings.size() == 1);
    return outcome.findings[0].remedy;
  };
  CHECK(remedy("[gateway]\nprot = 8080\n") == "did you mean port?");
  CHECK(remedy("[gatway]\nport = 8080\n") == "did you mean gateway?");
  CHECK(remedy("[defaults]\nretention_day = 3\n") == "did you mean retention_days?");
  CHECK(remedy("[defaults]\npurposes = [\"terorism_prevention\"]\n") ==
        "did you mean terrorism_prevention?");
  CHECK(remedy("[defaults]\nregime = \"public-road\"\n") == "did you mean public_road?");
  CHECK(remedy("[picture]\nzzz = 1\n").find("enabled, interval_ms") != std::string::npos);
}

TEST_CASE("config: a syntax error tells its line") {
  test::config_bench bench;
  const auto outcome = bench.load("[centre]\nid = \"demo\"\nname = Argenteuil\n");
  REQUIRE(outcome.findings.size() == 1);
  CHECK(outcome.findings[0].line == 3);
  CHECK(outcome.findings[0].message.find("not TOML") == 0);
}
