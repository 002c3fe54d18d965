// SPDX-License-Identifier: Apache-2.0
#include <sys/mman.h>
#include <unistd.h>

#include "config/load.hpp"
#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A file that exists in memory only, under a name the reader can open.
class memory_file {
 public:
  explicit memory_file(byte_view bytes) : descriptor_{::memfd_create("centre.toml", MFD_CLOEXEC)} {
    require(::write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
            "a memory file can be written");
  }
  ~memory_file() { ::close(descriptor_); }
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

/// Any text as configuration: it is taken or every finding can be acted on, and a secret in it is
/// never repeated.
void run(byte_view bytes) {
  if (has_password(text_of(bytes))) return;
  const memory_file file{bytes};
  const auto env = [](const std::string& name) -> std::optional<std::string> {
    return name == "CAMERA_PASSWORD" ? std::optional{std::string{password}} : std::nullopt;
  };
  const auto outcome = config::load(file.path(), env);
  require(outcome.config.has_value() == outcome.findings.empty(), "taken, or told why not");
  std::uint32_t line = 0;
  for (const auto& finding : outcome.findings) {
    require(!finding.message.empty() && !finding.remedy.empty(), "a finding says what to do");
    require(finding.line >= line, "findings come in the order of the file");
    line = finding.line;
    require(!has_password(to_string(finding)), "no secret in a finding");
  }
  const auto again = config::load(file.path(), env);
  require(again.findings.size() == outcome.findings.size(), "read twice, judged alike");
}

std::vector<std::string> seeds() {
  return {R"([centre]
id = "demo"
name = "Demonstration"
department = "95"
[node]
id = "node-1"
[defaults]
retention_days = 30
regime = "public_road"
purposes = ["persons_and_property_safety"]
username = "vigie"
password_env = "CAMERA_PASSWORD"
[[commune]]
insee = "95018"
name = "Argenteuil"
[[commune.site]]
id = "mairie"
name = "Mairie"
[[commune.site.camera]]
id = "cam-1"
name = "Entrance"
url = "rtsp://127.1.0.1:8554/stream"
)",
          R"([centre]
id = "x"
[recording]
path = "/var/lib/vigie"
retention_days = 45
[bus]
url = "nats://127.0.0.1:4222"
[[plugin]]
path = "plugins/a"
[plugin.config]
a = { b = [1, 2.5, 1979-05-27T07:32:00Z, true] }
)"};
}

const registration self{
    {"config_toml",
     run,
     seeds,
     {"[[commune]]", "[[commune.site]]", "[[commune.site.camera]]", "[defaults]", "[[plugin]]",
      " = ", "\"\"\"", "retention_days", "password = ", "password_file = ", "url = \"rtsp://",
      "insee = ", "id = ", "0x", "nan", "1979-05-27", "\\u0000", "{ ", " }"}}};

}  // namespace
