// SPDX-License-Identifier: Apache-2.0
#include "fuzz/target.hpp"
#include "plugin_host/manifest.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A manifest that is taken promises only what the closed lists know, and stays in its folder.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto taken = plugin_host::parse_manifest(text_of(own), "plugin.toml");
  if (!taken) {
    require(taken.error().code == errc::config_invalid, "refused as a configuration");
    require(!taken.error().detail.empty(), "refused with words");
    return;
  }
  require(taken->id.size() >= 3 && taken->id.size() <= 100, "an id has 3 to 100 characters");
  for (const char c : taken->id)
    require((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-',
            "an id is made of plain characters");
  const auto library = taken->library.string();
  require(!library.empty() && library != "." && library != ".." &&
              library.find('/') == library.npos && library.find('\0') == library.npos,
          "the library lies beside the manifest");
  require(taken->sha256.size() == 64, "a hash has 64 digits");
  for (const auto& file : taken->files)
    require(file.is_absolute() && file == file.lexically_normal() && file != "/",
            "files are absolute");
  require(taken->events.empty() || taken->kind == plugin_host::plugin_kind::analytics,
          "only analytics has events");
}

std::vector<std::string> seeds() {
  const std::string hash(64, 'a');
  return {
      "id = \"fr.example.source\"\nversion = \"1.0.0\"\nabi = \"1.0\"\nkind = "
      "\"protocol\"\nlibrary = "
      "\"libx.so\"\nsha256 = \"" +
          hash + "\"\n[permissions]\nnetwork = [\"camera\"]\nfiles = [\"/etc/x\"]\n",
      "id = \"fr.example.eye\"\nversion = \"1.0.0\"\nabi = \"1.0\"\nkind = \"analytics\"\nlibrary "
      "= "
      "\"libx.so\"\nsha256 = \"" +
          hash +
          "\"\n[analytics]\nclass = \"technical\"\nevents = [\"picture_frozen\"]\npurposes = "
          "[\"rescue_and_fire\"]\n"};
}

const registration self{
    {"plugin_manifest",
     run,
     seeds,
     {"id = ", "kind = ", "abi = \"1.0\"", "library = ", "[permissions]", "network = [", "\"any\"",
      "files = [\"/", "[analytics]", "class = ", "events = [", "../", "\\u0000"}}};

}  // namespace
