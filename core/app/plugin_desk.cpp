// SPDX-License-Identifier: Apache-2.0
#include "app/plugin_desk.hpp"

#include <vigie/ext/log.h>
#include <vigie/packet.h>
#include <vigie/protocol.h>
#include <vigie/types.h>

#include <fmt/format.h>

#include <utility>

#include "app/recipient_hosts.hpp"
#include "base/log.hpp"
#include "bus/subjects.hpp"
#include "plugin_host/event_names.hpp"

namespace vigie::app {
namespace {

plugin_host::runtime_options options_for(const std::filesystem::path& programs) {
  plugin_host::runtime_options options;
  options.host_program = programs / "vigie-plugin-host";
  return options;
}

analysis_host host_over(plugin_host::runtime& runtime) {
  analysis_host host;
  host.manifest_of = [&runtime](const std::string& plugin) { return runtime.manifest_of(plugin); };
  host.wish_of = [&runtime](const std::string& plugin) { return runtime.wish_of(plugin); };
  host.status = [&runtime] { return runtime.status(); };
  host.attach = [&runtime](const std::string& plugin, const camera_id& camera) {
    plugin_host::camera_setup setup;
    setup.camera = camera;
    runtime.attach(plugin, std::move(setup), nullptr);
  };
  host.detach = [&runtime](const std::string& plugin, const camera_id& camera) {
    runtime.detach(plugin, camera, nullptr);
  };
  host.offer = [&runtime](const std::string& plugin, const camera_id& camera,
                          plugin_host::picture shown) {
    runtime.offer_frame(plugin, camera, std::move(shown));
  };
  return host;
}

errc code_of_end(std::int32_t why) noexcept {
  switch (why) {
    case VIGIE_E_AUTH:
      return errc::auth_rejected;
    case VIGIE_E_TIMEOUT:
      return errc::io_timeout;
    case VIGIE_E_NOT_FOUND:
      return errc::io_refused;
    case VIGIE_E_UNSUPPORTED:
      return errc::sdp_codec;
    default:
      return errc::io_closed;
  }
}

}  // namespace

std::filesystem::path plugin_folder(const config::plugin_section& plugin,
                                    const std::filesystem::path& programs) {
  if (!plugin.path.empty()) return plugin.path;
  const auto last = plugin.id.substr(plugin.id.rfind('.') + 1);
  return (programs / "../plugins" / last).lexically_normal();
}

plugin_desk::plugin_desk(const std::filesystem::path& programs, const clock& time,
                         state_publisher& publisher, plugin_ports ports, analysis_ports analysis)
    : programs_{programs},
      publisher_{publisher},
      ports_{std::move(ports)},
      analyses_{host_over(runtime_), std::move(analysis)},
      exercises_{runtime_, time, publisher.stamp().epoch},
      runtime_{options_for(programs), time, *this} {}

void plugin_desk::load(const std::vector<config::plugin_section>& plugins) {
  for (const auto& plugin : plugins) {
    plugin_host::plugin_setup setup;
    setup.id = plugin.id;
    setup.folder = plugin_folder(plugin, programs_);
    setup.isolation =
        plugin.is_in_process ? plugin_host::isolation::in_process : plugin_host::isolation::child;
    setup.config_json = plugin.config_json;
    setup.recipient_hosts = recipient_hosts(plugin.config_json);
    if (auto done = runtime_.load(setup); !done)
      log::error("plugin {}: {}", plugin.id, to_string(done.error()));
    else
      analyses_.add(plugin);
  }
}

void plugin_desk::find_stream(const domain::camera_entry& camera, place_answer done) {
  plugin_host::camera_setup setup;
  setup.camera = camera.id;
  setup.address = camera.url;
  setup.username = camera.username;
  setup.password = camera.password;
  setup.options_json = camera.protocol_options_json;
  runtime_.attach(camera.protocol, std::move(setup),
                  [this, plugin = camera.protocol, id = camera.id, done](result<void> attached) {
                    if (!attached) return done(tl::unexpected{attached.error()});
                    runtime_.resolve_stream(plugin, id, done);
                  });
}

void plugin_desk::open_stream(const std::string& plugin, const camera_id& camera,
                              done_answer done) {
  runtime_.open_stream(plugin, camera, std::move(done));
}
void plugin_desk::close_stream(const std::string& plugin, const camera_id& camera) {
  runtime_.close_stream(plugin, camera, nullptr);
}

void plugin_desk::release(const domain::camera_entry& camera) {
  runtime_.detach(camera.protocol, camera.id, [](const result<void>&) {});
}

void plugin_desk::on_packet(const std::string& plugin, const camera_id& camera,
                            plugin_host::pushed_packet packet) {
  ingest::pushed_picture picture;
  switch (packet.codec) {
    case VIGIE_CODEC_H264:
      picture.codec = media::codec::h264;
      break;
    case VIGIE_CODEC_H265:
      picture.codec = media::codec::h265;
      break;
    default:
      return ports_.stream_ended(
          camera, {errc::sdp_codec, plugin + " brings motion JPEG, which is not recorded: let the "
                                             "camera send H.264 or H.265"});
  }
  picture.after_loss = packet.after_loss;
  picture.source_generation = packet.stream_generation;
  picture.media_pts_us = packet.media_pts_us;
  picture.capture_utc_us = packet.capture_utc_us;
  picture.parameters = std::move(packet.parameters);
  picture.data = std::move(packet.data);
  ports_.picture(camera, std::move(picture));
}

void plugin_desk::on_stream_ended(const std::string& plugin, const camera_id& camera,
                                  std::int32_t why, const std::string& text) {
  ports_.stream_ended(camera, {code_of_end(why), plugin + " ended its stream: " + text});
}

void plugin_desk::on_detection(const std::string& plugin, const camera_id& camera,
                               const plugin_host::detection& detection) {
  analyses_.on_detection(plugin, camera, detection);
}

void plugin_desk::on_device_event(const std::string& plugin, const camera_id& camera,
                                  const plugin_host::device_event& event) {
  // Motion in front of thousands of cameras is no event of a centre.
  if (event.type == VIGIE_DEVICE_MOTION) return;
  analyses_.tell_event(bus::event_type::device_event, camera, event.at,
                       fmt::format("{} {} ({})", plugin_host::name_of_device_event(event.type),
                                   phase_of(event.active), plugin));
}

void plugin_desk::on_delivery_report(const std::string& plugin,
                                     const plugin_host::delivery_report& report) {
  exercises_.on_report(plugin, report);
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
  analyses_.on_state(status);
}

void plugin_desk::on_log(const std::string& plugin, std::int32_t severity,
                         const std::string& text) {
  if (severity >= VIGIE_LOG_WARNING)
    log::warn("plugin {} says: {}", plugin, text);
  else
    log::debug("plugin {} says: {}", plugin, text);
}

}  // namespace vigie::app
