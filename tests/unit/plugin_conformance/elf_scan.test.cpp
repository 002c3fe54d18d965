// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/elf_scan.hpp"

#include <doctest/doctest.h>
#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "base/random.hpp"

using namespace vigie;
using plugin_host::conformance::library_facts;
using plugin_host::conformance::oddities_of;
using plugin_host::conformance::read_library;

namespace {

using bytes = std::vector<std::uint8_t>;

template <class T>
void put(bytes& file, std::size_t at, const T& value) {
  if (file.size() < at + sizeof value) file.resize(at + sizeof value);
  std::memcpy(file.data() + at, &value, sizeof value);
}

/// The smallest library: one symbol exported, one needed, one library and one path named.
bytes small_library() {
  bytes file;
  const std::string texts("\0vigie_plugin_entry\0printf\0libc.so.6\0/home/me:$ORIGIN\0", 54);
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_type = ET_DYN;
  header.e_machine = EM_X86_64;
  header.e_phoff = 64;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 1;
  header.e_shoff = 512;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 4;
  put(file, 0, header);
  Elf64_Phdr stack{};
  stack.p_type = PT_GNU_STACK;
  stack.p_flags = PF_R | PF_W;
  put(file, 64, stack);
  file.resize(128);
  file.insert(file.end(), texts.begin(), texts.end());
  Elf64_Sym symbols[3]{};
  symbols[1].st_name = 1;
  symbols[1].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT);
  symbols[1].st_shndx = 1;
  symbols[2].st_name = 20;
  symbols[2].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
  put(file, 256, symbols);
  Elf64_Dyn dynamic[3]{};
  dynamic[0].d_tag = DT_NEEDED;
  dynamic[0].d_un.d_val = 27;
  dynamic[1].d_tag = DT_RUNPATH;
  dynamic[1].d_un.d_val = 37;
  put(file, 384, dynamic);
  Elf64_Shdr sections[4]{};
  sections[1].sh_type = SHT_STRTAB;
  sections[1].sh_offset = 128;
  sections[1].sh_size = texts.size();
  sections[2].sh_type = SHT_DYNSYM;
  sections[2].sh_offset = 256;
  sections[2].sh_size = sizeof symbols;
  sections[2].sh_link = 1;
  sections[3].sh_type = SHT_DYNAMIC;
  sections[3].sh_offset = 384;
  sections[3].sh_size = sizeof dynamic;
  sections[3].sh_link = 1;
  put(file, 512, sections);
  return file;
}

}  // namespace

TEST_CASE("elf scan: says what a library shows, needs and where it looks") {
  const auto facts = read_library(small_library());
  REQUIRE(facts.has_value());
  CHECK(facts->exported == std::vector<std::string>{"vigie_plugin_entry"});
  CHECK(facts->undefined == std::vector<std::string>{"printf"});
  CHECK(facts->needed == std::vector<std::string>{"libc.so.6"});
  CHECK(facts->search_paths == std::vector<std::string>{"/home/me", "$ORIGIN"});
  CHECK_FALSE(facts->has_executable_stack);
  const auto odd = oddities_of(*facts);
  REQUIRE(odd.size() == 1);
  CHECK(odd[0].find("/home/me") != std::string::npos);
}

TEST_CASE("elf scan: an honest library has nothing odd, each oddity has a sentence") {
  library_facts facts;
  facts.exported = {"vigie_plugin_entry"};
  facts.undefined = {"malloc"};
  facts.needed = {"libc.so.6", "libavformat.so.59"};
  facts.search_paths = {"$ORIGIN/lib"};
  CHECK(oddities_of(facts).empty());
  facts.exported = {"vigie_plugin_entry", "helper", "other"};
  CHECK(oddities_of(facts).at(0).find("helper") != std::string::npos);
  facts.exported.clear();
  CHECK(oddities_of(facts).size() == 1);
  facts.exported = {"vigie_plugin_entry"};
  facts.undefined = {"vigie_host_start"};
  facts.needed = {"libcaf_core.so.0.17", "/opt/x/liby.so"};
  facts.has_executable_stack = facts.has_text_relocations = true;
  CHECK(oddities_of(facts).size() == 5);
}

TEST_CASE("elf scan: a file cut at any byte is refused or read, never read beyond") {
  const auto whole = small_library();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // A copy of exactly that size: a sanitizer sees every byte beyond.
    const bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    CHECK_FALSE(read_library(cut).has_value());
  }
}

TEST_CASE("elf scan: flipped bytes harm nobody") {
  const auto whole = small_library();
  seeded_random random{7};
  std::size_t read = 0;
  for (int round = 0; round < 20000; ++round) {
    auto bent = whole;
    for (int i = 0; i < 3; ++i)
      bent[random.next() % bent.size()] = static_cast<std::uint8_t>(random.next());
    read += read_library(bent).has_value() ? 1 : 0;
  }
  CHECK(read > 0);
  CHECK(read < 20000);
}

TEST_CASE("elf scan: this very program is no shared library of another kind") {
  std::ifstream in{"/proc/self/exe", std::ios::binary};
  const bytes self{std::istreambuf_iterator<char>{in}, {}};
  const auto facts = read_library(self);
  // Position-independent programs are shared objects to ELF; either answer is one.
  if (facts) CHECK_FALSE(facts->needed.empty());
}
