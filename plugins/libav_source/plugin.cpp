// SPDX-License-Identifier: Apache-2.0
extern "C" {
#include <libavutil/log.h>
}

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <vigie/sdk.hpp>

#include "source_options.hpp"
#include "stream_reader.hpp"

namespace vigie::libav_source {

namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& why) { throw sdk::failure{sdk::status::invalid, why}; }

std::chrono::milliseconds span(const json& value, const std::string& name) {
  if (!value.is_number_integer() || value < 100 || value > 60'000)
    refuse(name + " is no number of milliseconds from 100 to 60000");
  return std::chrono::milliseconds{value.get<int>()};
}

void read_options(std::string_view text, source_options& into) {
  const json options = json::parse(text.empty() ? "{}" : text, nullptr, false);
  if (!options.is_object()) refuse("the camera's options are no JSON object");
  for (const auto& [name, value] : options.items()) {
    if (name == "format" && value.is_string())
      into.format = value.get<std::string>();
    else if (name == "loop" && value.is_boolean())
      into.loops = value.get<bool>();
    else if (name == "open_timeout_ms")
      into.open_timeout = span(value, name);
    else if (name == "read_timeout_ms")
      into.read_timeout = span(value, name);
    else
      refuse("unknown option, or of the wrong type: " + name.substr(0, 64));
  }
}

}  // namespace

/// Whatever libavformat opens: motion JPEG over HTTP, HLS, files.
class libav_plugin final : public sdk::protocol_plugin {
 public:
  void init(std::string_view) override { av_log_set_level(AV_LOG_QUIET); }
  void stop() override {
    readers_.clear();
    cameras_.clear();
  }

  void attach(const sdk::camera& camera) override {
    if (const std::string wrong = complaint_about(camera.address); !wrong.empty()) refuse(wrong);
    source_options source;
    read_options(camera.options_json, source);
    source.address = camera.address;
    source.username = camera.username;
    source.password = camera.password;
    cameras_[camera.handle] = std::move(source);
  }
  void detach(sdk::camera_handle camera) override {
    readers_.erase(camera);
    cameras_.erase(camera);
  }
  sdk::stream resolve_stream(sdk::camera_handle) override { return sdk::stream::pushed(); }

  void open_stream(sdk::camera_handle camera) override {
    readers_.erase(camera);
    readers_.emplace(
        camera, std::make_unique<stream_reader>(
                    cameras_.at(camera),
                    reader_sinks{[this, camera](const sdk::packet& p) { return push(camera, p); },
                                 [this, camera](sdk::status why, const std::string& text) {
                                   stream_ended(camera, why, text);
                                 }}));
  }
  void close_stream(sdk::camera_handle camera) override { readers_.erase(camera); }

 private:
  std::map<sdk::camera_handle, source_options> cameras_;
  std::map<sdk::camera_handle, std::unique_ptr<stream_reader>> readers_;
};

}  // namespace vigie::libav_source

VIGIE_PLUGIN(vigie::libav_source::libav_plugin, "fr.vigie.libav_source", "Sources of libavformat",
             "Vigie", "1.0.0");
