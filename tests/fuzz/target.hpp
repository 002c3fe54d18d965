// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"

namespace vigie::fuzz {

/// One parser under hostile bytes. `run` returns when every property held; a broken one ends the
/// process by `require`, which is what both drivers look for.
struct target {
  std::string_view name;  ///< as the file in tests/fuzz/targets
  std::function<void(byte_view)> run;
  /// Where mutation starts: inputs made by our own writers, beside those of tests/fuzz/corpus.
  std::function<std::vector<std::string>()> seeds;
  std::vector<std::string_view> words;  ///< of the format, for mutators
};

/// All targets linked into this program.
std::vector<target>& targets();

/// Puts a target into `targets()` before main.
struct registration {
  explicit registration(target one) { targets().push_back(std::move(one)); }
};

/// Ends the process, naming the property, unless it holds.
void require(bool holds, std::string_view property);

/// An input seen as a few control values in front and the bytes to parse behind them. Past its end
/// everything is zero.
class input {
 public:
  explicit input(byte_view bytes) : bytes_{bytes} {}
  std::uint8_t u8();
  std::uint16_t u16();
  std::uint32_t u32();
  std::uint64_t u64();
  /// At most `size` bytes.
  byte_view take(std::size_t size);
  byte_view rest() { return take(bytes_.size()); }
  bool empty() const { return bytes_.empty(); }

 private:
  byte_view bytes_;
};

inline std::string_view text_of(byte_view bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline byte_view bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
/// What the targets use as a password. A mutator finds it by watching comparisons; an input that
/// has it proves nothing about secrets.
inline constexpr std::string_view password = "hunter2-secret";
inline bool has_password(std::string_view text) { return text.find("hunter2") != text.npos; }
/// A copy of its own on the heap, so that a sanitizer sees a read past either end.
inline std::vector<std::uint8_t> copy_of(byte_view bytes) { return {bytes.begin(), bytes.end()}; }

/// `bytes` in reads of random sizes; seed 0: byte by byte.
std::vector<byte_view> pieces_of(byte_view bytes, std::uint64_t seed);

/// "LLbytes…": each part behind its length in two bytes, as `packets_of` reads them.
std::string in_packets(const std::vector<std::string>& parts);
std::vector<byte_view> packets_of(input& in);

}  // namespace vigie::fuzz
