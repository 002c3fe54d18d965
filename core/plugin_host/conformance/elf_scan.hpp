// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace vigie::plugin_host::conformance {

/// What a shared library says about itself, read without running any of it.
struct library_facts {
  std::vector<std::string> exported;      ///< defined dynamic symbols others may bind to
  std::vector<std::string> undefined;     ///< what it needs from others, weak ones excepted
  std::vector<std::string> needed;        ///< DT_NEEDED
  std::vector<std::string> search_paths;  ///< DT_RPATH, DT_RUNPATH, split at colons
  bool has_executable_stack = false;
  bool has_text_relocations = false;
};

/// Reads a 64-bit little-endian ELF shared object (System V ABI, generic, chapters 4 and 5; gABI
/// "Dynamic Section"). Trusts nothing in it: every place is checked against the file's end. Errors:
/// config_invalid, with what is wrong. [thread-safe]
result<library_facts> read_library(byte_view file);

/// What an honest plugin has not: engines of the host, paths that exist on the vendor's machine
/// only, an executable stack. One sentence each. [thread-safe]
std::vector<std::string> oddities_of(const library_facts& facts);

}  // namespace vigie::plugin_host::conformance
