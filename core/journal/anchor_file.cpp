// SPDX-License-Identifier: Apache-2.0
#include "journal/anchor_file.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/disk.hpp"
#include "journal/digest.hpp"

namespace vigie::journal {
namespace {

result<std::string> read_whole_lines(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) return fail(errc::not_found, "cannot read " + file.string());
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto end = text.rfind('\n');
  text.resize(end == std::string::npos ? 0 : end + 1);
  return text;
}

}  // namespace

result<std::vector<std::string>> read_anchor_lines(const std::filesystem::path& file) {
  const auto text = read_whole_lines(file);
  if (!text) return tl::unexpected{text.error()};
  std::vector<std::string> lines;
  std::istringstream in{*text};
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  return lines;
}

result<void> append_anchor_lines(const std::filesystem::path& file,
                                 const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  const auto disk = make_posix_disk();
  std::error_code code;
  if (std::filesystem::exists(file, code)) {
    const auto whole = read_whole_lines(file);
    if (!whole) return tl::unexpected{whole.error()};
    if (whole->size() != std::filesystem::file_size(file, code))
      if (auto cut = disk->truncate(file, whole->size()); !cut) return cut;
  }
  std::string text;
  for (const auto& line : lines) text += line + '\n';
  const std::array parts{bytes_of(text)};
  if (auto done = disk->append(file, parts); !done) return tl::unexpected{done.error()};
  return disk->sync(file);
}

}  // namespace vigie::journal
