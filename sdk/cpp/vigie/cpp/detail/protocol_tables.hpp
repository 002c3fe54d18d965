// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/cpp/detail/device_tables.hpp"
#include "vigie/cpp/detail/instance.hpp"
#include "vigie/cpp/protocol.hpp"

#pragma GCC visibility push(hidden)
namespace vigie::sdk {
namespace detail {

inline vigie_status_t protocol_discover(const vigie_plugin* self, uint32_t budget_ms,
                                        void (*found)(void*, const vigie_discovered_t*),
                                        void* context, vigie_error_t* error) noexcept {
  return instance::call(self, error, instance::stage::started, [&](instance& i) {
    i.object_as<protocol_plugin>().discover(std::chrono::milliseconds{budget_ms},
                                            [&](const discovered& device) {
                                              vigie_discovered_t out{};
                                              out.size = sizeof(out);
                                              out.address = str(device.address);
                                              out.name = str(device.name);
                                              out.hardware = str(device.hardware);
                                              found(context, &out);
                                            });
  });
}

inline vigie_status_t protocol_attach(const vigie_plugin* self, const vigie_camera_t* raw,
                                      vigie_error_t* error) noexcept {
  return instance::call(self, error, instance::stage::started, [&](instance& i) {
    const auto from = read(raw);
    i.check_new(from.handle);
    i.object_as<protocol_plugin>().attach(
        {from.handle, std::string(view(from.id)), std::string(view(from.address)),
         std::string(view(from.username)), std::string(view(from.password)),
         std::string(view(from.options_json))});
    i.added(from.handle);
  });
}

inline void protocol_detach(const vigie_plugin* self, uint64_t camera) noexcept {
  instance::quiet_call(self, [&](instance& i) { i.detach(camera); });
}

inline vigie_status_t protocol_resolve(const vigie_plugin* self, uint64_t camera,
                                       vigie_stream_t* out, vigie_error_t* error) noexcept {
  return instance::call(self, error, instance::stage::started, [&](instance& i) {
    i.check(camera);
    const auto found = i.object_as<protocol_plugin>().resolve_stream(camera);
    vigie_stream_t values{};
    values.transport = found.transport;
    // A shortened address would be another address.
    if (out == nullptr || offsetof(vigie_stream_t, url) + found.url.size() >= out->size ||
        found.url.size() >= sizeof(values.url))
      throw failure(status::invalid, "the stream's address is too long");
    copy_text(values.url, found.url);
    fill(out, values);
  });
}

inline vigie_status_t protocol_open(const vigie_plugin* self, uint64_t camera,
                                    vigie_error_t* error) noexcept {
  return instance::call(self, error, instance::stage::started, [&](instance& i) {
    i.check(camera);
    if (i.has_stream(camera)) throw failure(status::state, "the stream is open");
    i.object_as<protocol_plugin>().open_stream(camera);
    i.stream_opened(camera);
  });
}

inline void protocol_close(const vigie_plugin* self, uint64_t camera) noexcept {
  instance::quiet_call(self, [&](instance& i) {
    if (!i.has_stream(camera)) return;
    i.stream_closed(camera);
    i.object_as<protocol_plugin>().close_stream(camera);
  });
}

inline constexpr vigie_protocol_t protocol_table = {sizeof(vigie_protocol_t),
                                                    0,
                                                    protocol_discover,
                                                    protocol_attach,
                                                    protocol_detach,
                                                    protocol_resolve,
                                                    protocol_open,
                                                    protocol_close};

inline constexpr kind_calls protocol_kind = {
    [](instance& self, std::string_view id) -> const void* {
      return id == VIGIE_EXT_PROTOCOL ? &protocol_table : device_table(self, id);
    },
    [](instance&) {},
    [](instance& self, camera_handle camera, bool has_open_stream) {
      auto& object = self.object_as<protocol_plugin>();
      if (has_open_stream) object.close_stream(camera);
      object.detach(camera);
    }};

}  // namespace detail
}  // namespace vigie::sdk
#pragma GCC visibility pop
