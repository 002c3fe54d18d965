// SPDX-License-Identifier: Apache-2.0
#include "journal/merkle.hpp"

#include <array>
#include <bit>

namespace vigie::journal {
namespace {

constexpr std::array<std::uint8_t, 1> leaf_prefix{0x00};
constexpr std::array<std::uint8_t, 1> node_prefix{0x01};

digest node_hash(const digest& left, const digest& right) {
  return sha256({node_prefix, left, right});
}

/// The largest power of two below `count`, which is at least 2: where the RFC splits.
std::size_t split_of(std::size_t count) noexcept { return std::bit_floor(count - 1); }

}  // namespace

digest leaf_hash(std::initializer_list<byte_view> data) {
  std::vector<std::uint8_t> all;
  for (const auto part : data) all.insert(all.end(), part.begin(), part.end());
  return sha256({leaf_prefix, all});
}

digest merkle_root(std::span<const digest> leaves) {
  if (leaves.size() == 1) return leaves.front();
  const auto split = split_of(leaves.size());
  return node_hash(merkle_root(leaves.first(split)), merkle_root(leaves.subspan(split)));
}

std::vector<digest> merkle_path(std::span<const digest> leaves, std::size_t index) {
  if (leaves.size() == 1) return {};
  const auto split = split_of(leaves.size());
  const bool is_left = index < split;
  auto path = is_left ? merkle_path(leaves.first(split), index)
                      : merkle_path(leaves.subspan(split), index - split);
  path.push_back(merkle_root(is_left ? leaves.subspan(split) : leaves.first(split)));
  return path;
}

std::optional<digest> root_of_path(const digest& leaf, std::size_t index, std::size_t count,
                                   std::span<const digest> path) {
  if (index >= count) return std::nullopt;
  auto place = index;
  auto last = count - 1;
  auto root = leaf;
  for (const auto& beside : path) {
    if (last == 0) return std::nullopt;
    if (place % 2 == 1 || place == last) {
      root = node_hash(beside, root);
      // A node without a right neighbour rises until it has a left one.
      while (place % 2 == 0 && place != 0) {
        place /= 2;
        last /= 2;
      }
    } else {
      root = node_hash(root, beside);
    }
    place /= 2;
    last /= 2;
  }
  if (last != 0) return std::nullopt;
  return root;
}

}  // namespace vigie::journal
