// SPDX-License-Identifier: Apache-2.0
#include "app/commands.hpp"

#include <signal.h>

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

#include "app/centre_runtime.hpp"
#include "base/log.hpp"
#include "config/load.hpp"

namespace vigie::app {
namespace {

std::optional<std::string> read_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return {};
  return value;
}

/// The page built in the source tree stands beside the build's binaries; an installed one in
/// share/.
std::filesystem::path find_page(const std::filesystem::path& programs) {
  for (const auto& candidate :
       {programs / "../share/vigie/console", programs / "../../../dashboards/web/dist"}) {
    std::error_code code;
    if (std::filesystem::exists(candidate / "index.html", code))
      return std::filesystem::weakly_canonical(candidate, code);
  }
  return {};
}

}  // namespace

std::optional<config::centre_config> load_or_tell(const std::filesystem::path& file) {
  auto outcome = config::load(file, read_environment);
  for (const auto& finding : outcome.findings) fmt::print("{}\n", config::to_string(finding));
  if (!outcome.findings.empty())
    fmt::print("{} refused: {} finding{}\n", file.string(), outcome.findings.size(),
               outcome.findings.size() == 1 ? "" : "s");
  return std::move(outcome.config);
}

exit_code check(const std::filesystem::path& file) {
  const auto config = load_or_tell(file);
  if (!config) return exit_code::bad_config;
  std::size_t sites = 0;
  std::size_t cameras = 0;
  for (const auto& commune : config->topology.communes) {
    sites += commune.sites.size();
    for (const auto& site : commune.sites) cameras += site.cameras.size();
  }
  fmt::print("{} accepted: {} communes, {} sites, {} cameras\n", file.string(),
             config->topology.communes.size(), sites, cameras);
  return exit_code::done;
}

exit_code run(const std::filesystem::path& file, const std::filesystem::path& programs) {
  auto config = load_or_tell(file);
  if (!config) return exit_code::bad_config;
  if (config->gateway.dashboard_dir.empty()) config->gateway.dashboard_dir = find_page(programs);

  // Signals are taken by this thread alone, between two pulses.
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  auto centre = centre_runtime::start(std::move(*config), programs);
  if (!centre) {
    log::error("cannot start: {}", to_string(centre.error()));
    return exit_code::failed;
  }
  log::info("the centre runs; console at {}", (*centre)->dashboard_url());
  const timespec second{1, 0};
  while (sigtimedwait(&ending, nullptr, &second) < 0) (*centre)->pulse();
  log::info("stopping");
  centre->reset();
  log::info("stopped");
  return exit_code::done;
}

}  // namespace vigie::app
