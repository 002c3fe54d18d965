// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fuzz/target.hpp"

namespace {

const vigie::fuzz::target& only_target() { return vigie::fuzz::targets().at(0); }

/// Every byte escaped, as a libFuzzer dictionary takes it.
std::string dictionary_line(std::string_view word) {
  std::string out = "\"";
  char code[8];
  for (const char c : word) {
    std::snprintf(code, sizeof code, "\\x%02X",
                  static_cast<unsigned>(static_cast<unsigned char>(c)));
    out += code;
  }
  return out + "\"\n";
}

void write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / "seeds");
  int number = 0;
  for (const auto& seed : only_target().seeds())
    std::ofstream{folder / "seeds" / ("seed-" + std::to_string(number++)), std::ios::binary}
        << seed;
  std::ofstream dictionary{folder / "words.dict"};
  for (const auto word : only_target().words) dictionary << dictionary_line(word);
}

}  // namespace

/// `--write-seeds FOLDER` writes what the target starts from, and nothing else happens.
extern "C" int LLVMFuzzerInitialize(int* count, char*** words) {
  if (*count == 3 && std::string_view{(*words)[1]} == "--write-seeds") {
    write_seeds((*words)[2]);
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  only_target().run({data, size});
  return 0;
}
