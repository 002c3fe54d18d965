// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "journal/digest.hpp"

// The Merkle tree of RFC 6962 §2.1: leaves and nodes are hashed under different prefixes, so that
// one can never be taken for the other. All functions are [thread-safe].
namespace vigie::journal {

/// SHA-256(0x00 ‖ data).
digest leaf_hash(std::initializer_list<byte_view> data);

/// Of at least one leaf hash.
digest merkle_root(std::span<const digest> leaves);

/// The nodes beside the way from leaf `index` to the root, lowest first (RFC 6962 §2.1.1).
std::vector<digest> merkle_path(std::span<const digest> leaves, std::size_t index);

/// The root that a leaf at `index` of `count` and its path lead to; none when the path's length
/// does not fit the place (RFC 9162 §2.1.3.2).
std::optional<digest> root_of_path(const digest& leaf, std::size_t index, std::size_t count,
                                   std::span<const digest> path);

}  // namespace vigie::journal
