// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/elf_scan.hpp"

#include <elf.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace vigie::plugin_host::conformance {
namespace {

constexpr std::size_t most_entries = 1U << 20;
constexpr std::size_t longest_name = 4096;

/// A struct at a place of the file, copied: nothing in a stranger's file is aligned for sure.
template <class T>
std::optional<T> at(byte_view file, std::uint64_t offset) {
  if (offset > file.size() || file.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

std::optional<std::string> text_at(byte_view file, std::uint64_t offset, std::uint64_t size,
                                   std::uint64_t index) {
  if (offset > file.size() || size > file.size() - offset || index >= size) return std::nullopt;
  const auto* const from = reinterpret_cast<const char*>(file.data() + offset + index);
  const auto length = ::strnlen(from, size - index);
  if (length == size - index || length > longest_name) return std::nullopt;
  return std::string{from, length};
}

class reader {
 public:
  explicit reader(byte_view file) : file_{file} {}

  result<library_facts> read() {
    const auto header = at<Elf64_Ehdr>(file_, 0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return wrong("no ELF file");
    if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB)
      return wrong("not for a 64-bit little-endian machine");
    if (header->e_type != ET_DYN) return wrong("no shared object");
#if defined(__x86_64__)
    constexpr int machine = EM_X86_64;
#else
    constexpr int machine = EM_AARCH64;
#endif
    if (header->e_machine != machine) return wrong("built for another machine");
    if (header->e_phentsize != sizeof(Elf64_Phdr))
      return wrong("program headers of a strange size");
    for (std::uint64_t i = 0; i < header->e_phnum; ++i) {
      const auto one = at<Elf64_Phdr>(file_, header->e_phoff + i * sizeof(Elf64_Phdr));
      if (!one) return wrong("program headers beyond the end");
      if (one->p_type == PT_GNU_STACK) facts_.has_executable_stack = (one->p_flags & PF_X) != 0;
    }
    if (header->e_shentsize != sizeof(Elf64_Shdr) || header->e_shnum == 0)
      return wrong("no section headers; do not strip them away");
    for (std::uint64_t i = 0; i < header->e_shnum; ++i) {
      const auto one = at<Elf64_Shdr>(file_, header->e_shoff + i * sizeof(Elf64_Shdr));
      if (!one) return wrong("section headers beyond the end");
      if (one->sh_type != SHT_DYNSYM && one->sh_type != SHT_DYNAMIC) continue;
      if (std::exchange(one->sh_type == SHT_DYNSYM ? has_symbols_ : has_dynamic_, true))
        return wrong("two tables of one kind");
      const auto texts =
          at<Elf64_Shdr>(file_, header->e_shoff + std::uint64_t{one->sh_link} * sizeof(Elf64_Shdr));
      if (one->sh_link >= header->e_shnum || !texts) return wrong("a table without its texts");
      if (!(one->sh_type == SHT_DYNSYM ? read_symbols(*one, *texts) : read_dynamic(*one, *texts)))
        return wrong("a table that reaches beyond the end");
    }
    return std::move(facts_);
  }

 private:
  static tl::unexpected<error> wrong(const char* why) { return fail(errc::config_invalid, why); }

  bool read_symbols(const Elf64_Shdr& table, const Elf64_Shdr& texts) {
    const auto count = std::min<std::uint64_t>(table.sh_size / sizeof(Elf64_Sym), most_entries);
    for (std::uint64_t i = 1; i < count; ++i) {
      const auto one = at<Elf64_Sym>(file_, table.sh_offset + i * sizeof(Elf64_Sym));
      const auto name =
          one ? text_at(file_, texts.sh_offset, texts.sh_size, one->st_name) : std::nullopt;
      if (!name) return false;
      const auto binding = ELF64_ST_BIND(one->st_info);
      if (binding == STB_LOCAL || name->empty()) continue;
      if (one->st_shndx != SHN_UNDEF)
        facts_.exported.push_back(*name);
      else if (binding != STB_WEAK)
        facts_.undefined.push_back(*name);
    }
    return true;
  }

  bool read_dynamic(const Elf64_Shdr& table, const Elf64_Shdr& texts) {
    const auto count = std::min<std::uint64_t>(table.sh_size / sizeof(Elf64_Dyn), most_entries);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto one = at<Elf64_Dyn>(file_, table.sh_offset + i * sizeof(Elf64_Dyn));
      if (!one) return false;
      if (one->d_tag == DT_NULL) break;
      if (one->d_tag == DT_TEXTREL) facts_.has_text_relocations = true;
      if (one->d_tag != DT_NEEDED && one->d_tag != DT_RPATH && one->d_tag != DT_RUNPATH) continue;
      auto text = text_at(file_, texts.sh_offset, texts.sh_size, one->d_un.d_val);
      if (!text) return false;
      if (one->d_tag == DT_NEEDED) {
        facts_.needed.push_back(std::move(*text));
        continue;
      }
      std::string_view rest{*text};
      while (!rest.empty()) {
        const auto colon = std::min(rest.find(':'), rest.size());
        facts_.search_paths.emplace_back(rest.substr(0, colon));
        rest.remove_prefix(std::min(colon + 1, rest.size()));
      }
    }
    return true;
  }

  byte_view file_;
  library_facts facts_;
  bool has_symbols_ = false;
  bool has_dynamic_ = false;
};

}  // namespace

result<library_facts> read_library(byte_view file) { return reader{file}.read(); }

std::vector<std::string> oddities_of(const library_facts& facts) {
  constexpr std::string_view entry = "vigie_plugin_entry";
  constexpr std::array<std::string_view, 8> foreign{"libvigie", "libcaf_",  "libnats",  "libboost_",
                                                    "libasan",  "libtsan.", "libubsan", "liblsan"};
  std::vector<std::string> odd;
  const auto say = [&](std::string what) { odd.push_back(std::move(what)); };
  const auto has_entry = std::count(facts.exported.begin(), facts.exported.end(), entry);
  if (has_entry == 0) say("it does not export vigie_plugin_entry");
  for (const auto& name : facts.exported)
    if (name != entry) {
      say("it exports " + name + " beside vigie_plugin_entry (" +
          std::to_string(facts.exported.size()) + " symbols in all)");
      break;
    }
  for (const auto& name : facts.undefined)
    if (name.starts_with("vigie_")) say("it needs " + name + ", which no host offers as a symbol");
  for (const auto& library : facts.needed) {
    if (library.find('/') != std::string::npos)
      say("it names the library " + library + " by a path");
    for (const auto one : foreign)
      if (library.starts_with(one))
        say("it links " + library + ", which does not belong into a plugin");
  }
  for (const auto& path : facts.search_paths)
    if (!path.starts_with("$ORIGIN") && !path.starts_with("${ORIGIN}"))
      say("it looks for libraries in \"" + path + "\", where a centre has none; use $ORIGIN");
  if (facts.has_executable_stack) say("it asks for an executable stack");
  if (facts.has_text_relocations) say("it has text relocations: compile with -fPIC");
  return odd;
}

}  // namespace vigie::plugin_host::conformance
