// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_desk.hpp"

#include <vigie/ext/log.h>

#include <utility>

#include "base/log.hpp"

namespace vigie::app {
namespace {

plugin_host::runtime_options options_for(const std::filesystem::path& programs) {
  plugin_host::runtime_options options;
  options.host_program = programs / "vigie-plugin-host";
  return options;
}

}  // namespace

std::filesystem::path plugin_folder(const config::plugin_section& plugin,
                                    const std::filesystem::path& programs) {
  if (!plugin.path.empty()) return plugin.path;
  const auto last = plugin.id.substr(plugin.id.rfind('.') + 1);
  return (programs / "../plugins" / last).lexically_normal();
}

plugin_desk::plugin_desk(const std::filesystem::path& programs, const clock& time,
                         state_publisher& publisher)
    : programs_{programs}, publisher_{publisher}, runtime_{options_for(programs), time, *this} {}

void plugin_desk::load(const std::vector<config::plugin_section>& plugins) {
  for (const auto& plugin : plugins) {
    plugin_host::plugin_setup setup;
    setup.id = plugin.id;
    setup.folder = plugin_folder(plugin, programs_);
    setup.isolation =
        plugin.is_in_process ? plugin_host::isolation::in_process : plugin_host::isolation::child;
    setup.config_json = plugin.config_json;
    if (auto done = runtime_.load(setup); !done)
      log::error("plugin {}: {}", plugin.id, to_string(done.error()));
  }
}

void plugin_desk::find_stream(const domain::camera_entry& camera, url_answer done) {
  plugin_host::camera_setup setup;
  setup.camera = camera.id;
  setup.address = camera.url;
  setup.username = camera.username;
  setup.password = camera.password;
  setup.options_json = camera.protocol_options_json;
  runtime_.attach(
      camera.protocol, std::move(setup),
      [this, plugin = camera.protocol, id = camera.id, done](result<void> attached) {
        if (!attached) return done(tl::unexpected{attached.error()});
        runtime_.resolve_stream(plugin, id, [done](result<plugin_host::stream_place> place) {
          if (!place) return done(tl::unexpected{place.error()});
          if (place->is_pushed)
            return done(fail(errc::rtsp_transport,
                             "the plugin brings pictures itself; the centre pulls RTSP only"));
          done(std::move(place->url));
        });
      });
}

void plugin_desk::release(const domain::camera_entry& camera) {
  runtime_.detach(camera.protocol, camera.id, [](const result<void>&) {});
}

void plugin_desk::on_fault(const plugin_host::fault_report& report) {
  auto text = report.plugin + ": " + std::string{plugin_host::name_of(report.fault)};
  if (report.camera) text += ", camera " + report.camera->str();
  if (!report.detail.empty()) text += ": " + report.detail;
  log::warn("plugin {}", text);
  publisher_.publish_node_event(bus::event_type::plugin_fault, std::move(text));
}

void plugin_desk::on_state(const plugin_host::plugin_status& status) {
  log::info("plugin {} {}: {}{}{}", status.id, status.version, plugin_host::name_of(status.state),
            status.detail.empty() ? "" : ", ", status.detail);
}

void plugin_desk::on_log(const std::string& plugin, std::int32_t severity,
                         const std::string& text) {
  if (severity >= VIGIE_LOG_WARNING)
    log::warn("plugin {} says: {}", plugin, text);
  else
    log::debug("plugin {} says: {}", plugin, text);
}

}  // namespace vigie::app
