// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>
#include <utility>

#include "base/error.hpp"

namespace vigie {

/// What a function that can fail returns; exceptions are only caught at the edges (thread entry,
/// actor handler, C ABI, main) and never thrown for control flow.
template <class T>
using result = tl::expected<T, error>;

/// `return fail(errc::db_failed, "…");`
inline tl::unexpected<error> fail(errc code, std::string detail = {}) {
  return tl::unexpected<error>{error{code, std::move(detail)}};
}

}  // namespace vigie
