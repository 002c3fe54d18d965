// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_new.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

namespace fs = std::filesystem;
using vigie::app::exit_code;
using vigie::app::plugin_new;

namespace {

struct scratch {
  scratch() { fs::create_directories(folder); }
  ~scratch() { fs::remove_all(folder); }
  fs::path folder = fs::temp_directory_path() / ("vigie_new_" + std::to_string(getpid()));
  fs::path templates = fs::path(VIGIE_SDK_SOURCE) / "template";
};

std::string content(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE_FIXTURE(scratch, "plugin new: writes each kind with the name in its place") {
  for (const char* kind : {"protocol", "analytics", "notifier"}) {
    const std::string name = std::string("my_") + kind;
    REQUIRE(plugin_new(name, kind, folder, templates) == exit_code::done);
    const auto source = content(folder / name / "src" / "plugin.cpp");
    CHECK(source.find("class " + name + "_plugin") != std::string::npos);
    CHECK(content(folder / name / "plugin.toml.in").find(kind) != std::string::npos);
    for (const auto& entry : fs::recursive_directory_iterator(folder / name))
      if (entry.is_regular_file()) CHECK(content(entry.path()).find("{{") == std::string::npos);
  }
}

TEST_CASE_FIXTURE(scratch, "plugin new: a name that is no C++ name, a target or an id is refused") {
  for (const char* name : {"", "a", "Gate", "9gate", "_gate", "my-gate", "../gate", "a b", "é_gate",
                           "a234567890123456789012345678901234567890x"})
    CHECK(plugin_new(name, "protocol", folder, templates) == exit_code::usage);
  CHECK(plugin_new("gate", "protocols", folder, templates) == exit_code::usage);
  CHECK(plugin_new("gate", "..", folder, templates) == exit_code::usage);
  CHECK(fs::is_empty(folder));
}

TEST_CASE_FIXTURE(scratch, "plugin new: what is there already is not touched") {
  std::ofstream(folder / "gate") << "mine";
  CHECK(plugin_new("gate", "notifier", folder, templates) == exit_code::failed);
  CHECK(content(folder / "gate") == "mine");
  CHECK(plugin_new("door", "notifier", folder, folder / "nowhere") == exit_code::failed);
  CHECK_FALSE(fs::exists(folder / "door"));
}

TEST_CASE_FIXTURE(scratch,
                  "plugin new: templates are those installed beside the program, or the tree's") {
  fs::create_directories(folder / "build/release/bin");
  fs::create_directories(folder / "sdk/template");
  CHECK(vigie::app::find_plugin_templates(folder / "build/release/bin") == folder / "sdk/template");
  fs::create_directories(folder / "build/release/share/vigie/sdk/template");
  CHECK(vigie::app::find_plugin_templates(folder / "build/release/bin") ==
        folder / "build/release/share/vigie/sdk/template");
}
