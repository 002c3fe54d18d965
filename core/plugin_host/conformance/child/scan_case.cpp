// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <vector>

#include "plugin_host/conformance/child/cases.hpp"
#include "plugin_host/conformance/elf_scan.hpp"
#include "plugin_host/screen.hpp"

namespace vigie::plugin_host::conformance::child {
namespace {

constexpr std::size_t largest_library = 256U << 20;

bool read_file(const std::string& path, std::vector<std::uint8_t>& into) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  while (into.size() < largest_library) {
    const auto had = into.size();
    into.resize(had + (1U << 20));
    const auto got = ::read(file, into.data() + had, 1U << 20);
    into.resize(had + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got <= 0) break;
  }
  ::close(file);
  return !into.empty();
}

}  // namespace

void scan(case_run& run, const clock&) {
  run.begin("reading the library", call_deadlines{}.load);
  std::vector<std::uint8_t> bytes;
  if (!read_file(run.order.plugin.library, bytes)) return run.fail("the library cannot be read");
  const auto facts = read_library(bytes);
  if (!facts) return run.fail(facts.error().detail);
  const auto odd = oddities_of(*facts);
  if (!odd.empty()) return run.fail(odd.front());
  // Every name it needs must be in a library it names: then RTLD_NOW opens it anywhere.
  std::vector<void*> opened;
  for (const auto& library : facts->needed) {
    run.begin("opening " + library, call_deadlines{}.load);
    void* const handle = ::dlopen(library.c_str(), RTLD_LAZY | RTLD_LOCAL);
    // A library beside the plugin is found through its own $ORIGIN only, by "load".
    if (handle == nullptr && facts->search_paths.empty())
      return run.fail("it needs " + library + ": " + printable(::dlerror(), 160));
    if (handle != nullptr) opened.push_back(handle);
  }
  if (opened.size() != facts->needed.size()) return;
  for (const auto& name : facts->undefined) {
    bool is_found = false;
    for (auto* const handle : opened)
      is_found = is_found || ::dlsym(handle, name.c_str()) != nullptr;
    if (!run.holds(is_found, "no library it links has the symbol " + name)) return;
  }
}

}  // namespace vigie::plugin_host::conformance::child
