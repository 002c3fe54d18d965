// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/loader.hpp"

// Boost 1.74's library_info.hpp uses std::vector without including it.
#include <vector>

#include <boost/dll/shared_library.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

#include "plugin_host/screen.hpp"

namespace vigie::plugin_host {
namespace {

constexpr std::uint32_t most_descriptors = 64;

tl::unexpected<error> refuse(const std::filesystem::path& library, const std::string& why) {
  return fail(errc::config_invalid, library.filename().string() + ": " + why);
}

const char* factory_id(int kind) {
  switch (kind) {
    case VIGIE_KIND_PROTOCOL:
      return VIGIE_FACTORY_PROTOCOL;
    case VIGIE_KIND_ANALYTICS:
      return VIGIE_FACTORY_ANALYTICS;
    default:
      return VIGIE_FACTORY_NOTIFIER;
  }
}

std::string_view view(vigie_str_t text) {
  if (text.data == nullptr || text.length > 256) return {};
  return {text.data, static_cast<std::size_t>(text.length)};
}

/// Libraries opened in this process, for good.
class open_libraries {
 public:
  result<const vigie_plugin_entry_t*> open(const std::filesystem::path& library) {
    std::lock_guard lock{mutex_};
    if (const auto known = entries_.find(library); known != entries_.end()) return known->second;
    // Leaked on purpose: the destructor would close it.
    auto* const opened = new boost::dll::shared_library;
    try {
      opened->load(library, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    } catch (const std::exception& e) {
      delete opened;
      return fail(errc::child_failed,
                  library.filename().string() + ": " + printable(e.what(), 300));
    }
    if (!opened->has("vigie_plugin_entry")) return refuse(library, "exports no vigie_plugin_entry");
    const auto* const entry = &opened->get<const vigie_plugin_entry_t>("vigie_plugin_entry");
    if (entry->size < sizeof(vigie_plugin_entry_t))
      return refuse(library, "its entry is smaller than any version of it");
    if (entry->abi.major != VIGIE_ABI_MAJOR)
      return refuse(library, "is built for ABI " + std::to_string(entry->abi.major) + "." +
                                 std::to_string(entry->abi.minor) + ", this host has " +
                                 std::to_string(VIGIE_ABI_MAJOR));
    if (entry->init == nullptr || entry->deinit == nullptr || entry->get_factory == nullptr)
      return refuse(library, "its entry has a null function");
    const std::string folder = library.parent_path().string();
    vigie_error_t told{sizeof(vigie_error_t), 0, {}};
    const auto status = entry->init({folder.data(), folder.size()}, &told);
    if (status != VIGIE_OK) {
      told.text[sizeof told.text - 1] = '\0';
      return fail(errc::child_failed, library.filename().string() + ": init says " +
                                          std::to_string(status) + " " +
                                          printable(told.text, sizeof told.text));
    }
    entries_.emplace(library, entry);
    return entry;
  }

 private:
  std::mutex mutex_;
  std::map<std::filesystem::path, const vigie_plugin_entry_t*> entries_;
};

}  // namespace

result<loaded_plugin> load_plugin(const std::filesystem::path& library, const std::string& id,
                                  int kind) {
  // Leaked on purpose as well: it must outlive every static destructor.
  static auto& libraries = *new open_libraries;
  const auto entry = libraries.open(library);
  if (!entry) return tl::unexpected{entry.error()};
  const auto* const factory = (*entry)->get_factory(factory_id(kind));
  if (factory == nullptr) return refuse(library, "has no factory for the kind of its manifest");
  if (factory->size < sizeof(vigie_plugin_factory_t) || factory->count == nullptr ||
      factory->descriptor == nullptr || factory->create == nullptr)
    return refuse(library, "its factory is incomplete");
  const auto count = std::min(factory->count(), most_descriptors);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto* const descriptor = factory->descriptor(i);
    if (descriptor == nullptr || !VIGIE_HAS(descriptor, vigie_plugin_descriptor_t, id))
      return refuse(library, "a descriptor is null or too small");
    if (view(descriptor->id) != id) continue;
    if (descriptor->kind != kind)
      return refuse(library, "its descriptor is of another kind than its manifest says");
    return loaded_plugin{*entry, factory, descriptor};
  }
  return refuse(library, "no descriptor has the manifest's id " + id);
}

}  // namespace vigie::plugin_host
