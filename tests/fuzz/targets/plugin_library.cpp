// SPDX-License-Identifier: Apache-2.0
#include <elf.h>

#include <cstring>

#include "fuzz/target.hpp"
#include "plugin_host/conformance/elf_scan.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A file that says it is a library: everything told of it is text of the file.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto facts = plugin_host::conformance::read_library(own);
  if (!facts) return;
  for (const auto* list :
       {&facts->exported, &facts->undefined, &facts->needed, &facts->search_paths})
    for (const auto& name : *list)
      require(text_of(own).find(name) != std::string_view::npos, "a name stands in the file");
  plugin_host::conformance::oddities_of(*facts);
}

template <class T>
void put(std::string& file, std::size_t at, const T& value) {
  if (file.size() < at + sizeof value) file.resize(at + sizeof value);
  std::memcpy(file.data() + at, &value, sizeof value);
}

/// Header, one dynamic symbol table and its texts.
std::vector<std::string> seeds() {
  std::string file;
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_type = ET_DYN;
  header.e_machine = EM_X86_64;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_shoff = 256;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 4;
  put(file, 0, header);
  file.resize(64);
  file += std::string{"\0vigie_plugin_entry\0libc.so.6\0/opt/x\0", 37};
  Elf64_Sym symbol{};
  symbol.st_name = 1;
  symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT);
  symbol.st_shndx = 1;
  put(file, 128 + sizeof symbol, symbol);
  Elf64_Dyn needed{};
  needed.d_tag = DT_NEEDED;
  needed.d_un.d_val = 20;
  put(file, 176, needed);
  const auto section = [&](std::size_t number, std::uint32_t type, std::uint64_t at,
                           std::uint64_t size, std::uint64_t entry) {
    Elf64_Shdr one{};
    one.sh_type = type;
    one.sh_offset = at;
    one.sh_size = size;
    one.sh_link = 1;
    one.sh_entsize = entry;
    put(file, 256 + number * sizeof one, one);
  };
  section(0, SHT_NULL, 0, 0, 0);
  section(1, SHT_STRTAB, 64, 37, 0);
  section(2, SHT_DYNSYM, 128, 2 * sizeof symbol, sizeof symbol);
  section(3, SHT_DYNAMIC, 176, sizeof needed, sizeof needed);
  return {file};
}

const registration self{{"plugin_library",
                         run,
                         seeds,
                         {"\x7f"
                          "ELF",
                          "\xff\xff\xff\xff\xff\xff\xff\xff"}}};

}  // namespace
