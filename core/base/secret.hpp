// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

namespace vigie {

/// A credential. Has no formatter, no comparison, no conversion: it can only be taken out by name,
/// so every use is found by searching for `reveal`.
class secret {
 public:
  secret() = default;
  explicit secret(std::string value) : value_{std::move(value)} {}
  const std::string& reveal() const noexcept { return value_; }
  bool empty() const noexcept { return value_.empty(); }

 private:
  std::string value_;
};

}  // namespace vigie
