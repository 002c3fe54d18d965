// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/cpp/detail/analytics_tables.hpp"
#include "vigie/cpp/detail/notifier_tables.hpp"
#include "vigie/cpp/detail/protocol_tables.hpp"

#include <type_traits>

#pragma GCC visibility push(hidden)
namespace vigie::sdk {

/// Defined by VIGIE_PLUGIN or VIGIE_PLUGINS in one source file of the library.
std::span<const offering> offerings();

/// Says that the library contains `Plugin`; its base class says which kind it is.
template <class Plugin, size_t Id, size_t Name, size_t Vendor, size_t Version>
constexpr offering offer(const char (&id)[Id], const char (&name)[Name],
                         const char (&vendor)[Vendor], const char (&version)[Version]) {
  constexpr bool is_protocol = std::is_base_of_v<protocol_plugin, Plugin>;
  constexpr bool is_analytics = std::is_base_of_v<analytics_plugin, Plugin>;
  constexpr bool is_notifier = std::is_base_of_v<notifier_plugin, Plugin>;
  static_assert(is_protocol + is_analytics + is_notifier == 1,
                "derive from protocol_plugin, analytics_plugin or notifier_plugin");
  static_assert(!std::is_abstract_v<Plugin>, "a pure virtual function is not overridden");
  return {{sizeof(vigie_plugin_descriptor_t),
           is_protocol ? VIGIE_KIND_PROTOCOL
                       : (is_analytics ? VIGIE_KIND_ANALYTICS : VIGIE_KIND_NOTIFIER),
           {id, Id - 1},
           {name, Name - 1},
           {vendor, Vendor - 1},
           {version, Version - 1}},
          is_protocol ? &detail::protocol_kind
                      : (is_analytics ? &detail::analytics_kind : &detail::notifier_kind),
          []() -> std::unique_ptr<plugin> { return std::make_unique<Plugin>(); }};
}

namespace detail {

/// The offering of that kind at `index`, or null.
inline const offering* offering_at(int32_t kind, uint32_t index) noexcept {
  for (const auto& each : offerings())
    if (each.descriptor.kind == kind && index-- == 0) return &each;
  return nullptr;
}

template <int32_t Kind>
inline constexpr vigie_plugin_factory_t factory = {
    sizeof(vigie_plugin_factory_t), 0,
    []() -> uint32_t {
      uint32_t count = 0;
      while (offering_at(Kind, count) != nullptr) ++count;
      return count;
    },
    [](uint32_t index) -> const vigie_plugin_descriptor_t* {
      const auto* found = offering_at(Kind, index);
      return found == nullptr ? nullptr : &found->descriptor;
    },
    [](const vigie_host_t* host, vigie_str_t id) -> const vigie_plugin_t* {
      const vigie_plugin_t* made = nullptr;
      instance::guarded(nullptr, [&] {
        for (const auto& each : offerings())
          if (host != nullptr && each.descriptor.kind == Kind &&
              view(each.descriptor.id) == view(id))
            made = (new instance(each, host))->abi();
      });
      return made;
    }};

inline uint32_t& init_count() {
  static uint32_t count = 0;
  return count;
}

inline constexpr vigie_plugin_entry_t entry = {
    sizeof(vigie_plugin_entry_t), VIGIE_ABI_VERSION,
    [](vigie_str_t path, vigie_error_t* error) -> vigie_status_t {
      if (init_count() > 0) return ++init_count(), VIGIE_OK;
      const auto result = instance::guarded(error, [&] { library_folder() = view(path); });
      if (result == VIGIE_OK) ++init_count();
      return result;
    },
    [] {
      if (init_count() > 0) --init_count();
    },
    [](const char* id) -> const vigie_plugin_factory_t* {
      const std::string_view wanted = id == nullptr ? "" : id;
      const vigie_plugin_factory_t* found = nullptr;
      if (wanted == VIGIE_FACTORY_PROTOCOL) found = &factory<VIGIE_KIND_PROTOCOL>;
      if (wanted == VIGIE_FACTORY_ANALYTICS) found = &factory<VIGIE_KIND_ANALYTICS>;
      if (wanted == VIGIE_FACTORY_NOTIFIER) found = &factory<VIGIE_KIND_NOTIFIER>;
      return found == nullptr || found->count() == 0 ? nullptr : found;
    }};

}  // namespace detail
}  // namespace vigie::sdk
#pragma GCC visibility pop

/// Makes the one symbol a plugin exports, for a library with several plugins: a list of
/// vigie::sdk::offer<class>("id", "name", "vendor", "version"). Once, outside of any namespace.
#define VIGIE_PLUGINS(...)                                          \
  std::span<const ::vigie::sdk::offering> vigie::sdk::offerings() { \
    static constexpr ::vigie::sdk::offering all[] = {__VA_ARGS__};  \
    return all;                                                     \
  }                                                                 \
  const vigie_plugin_entry_t vigie_plugin_entry = ::vigie::sdk::detail::entry

/// The same for one plugin: VIGIE_PLUGIN(my_camera, "org.example.my-camera", "My camera",
/// "Example SARL", "1.0.0");
#define VIGIE_PLUGIN(plugin_class, id, name, vendor, version) \
  VIGIE_PLUGINS(::vigie::sdk::offer<plugin_class>(id, name, vendor, version))
