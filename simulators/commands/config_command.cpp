// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "centre_config/centre_config.hpp"
#include "commands/commands.hpp"

namespace vigie::simulators {

command add_config(CLI::App& app) {
  auto* config = app.add_subcommand("config", "Print a centre configuration for a farm");
  const auto options = std::make_shared<centre_options>();
  const auto profile = std::make_shared<std::string>();
  centre_options& o = *options;
  config
      ->add_option("--profile", *profile,
                   "A centre in its real size: val-d-oise, oise or strasbourg; --cameras, "
                   "--communes and --sites change it")
      ->check(CLI::IsMember({"val-d-oise", "oise", "strasbourg"}));
  config->add_option("--cameras", o.cameras)->check(CLI::Range(1, 10'000));
  config->add_option("--communes", o.communes)->capture_default_str();
  config->add_option("--sites", o.sites)->capture_default_str();
  config->add_option("--port", o.camera_port, "RTSP port of the farm")->capture_default_str();
  config->add_option("--data-dir", o.data_dir, "Relative to where the file will stand")
      ->capture_default_str();
  config->add_option("--bus-port", o.bus_port)->capture_default_str();
  config->add_option("--websocket-port", o.websocket_port)->capture_default_str();
  config->add_option("--gateway-port", o.gateway_port)->capture_default_str();
  config->add_option("--shards", o.shards)->capture_default_str();
  auto* env = config->add_option("--password-env", o.password_env)->capture_default_str();
  config->add_option("--password-file", o.password_file)->excludes(env);
  config->footer(
      "Examples:\n"
      "  vigie-sim config --cameras 24 --communes 3 --sites 8 > demo.toml\n"
      "  vigie-sim config --profile oise --data-dir /srv/vigie > oise.toml");
  return {config, [config, options, profile] {
            centre_options chosen = *options;
            if (!profile->empty()) {
              const auto sizes = sizes_of(*profile);
              if (!sizes) return complain(sizes.error());
              chosen.where = sizes->where;
              if (config->count("--cameras") == 0) chosen.cameras = sizes->cameras;
              if (config->count("--communes") == 0) chosen.communes = sizes->communes;
              if (config->count("--sites") == 0) chosen.sites = sizes->sites;
            }
            const auto text = make_centre_config(chosen);
            if (!text) return complain(text.error());
            fmt::print("{}", *text);
            return 0;
          }};
}

}  // namespace vigie::simulators
