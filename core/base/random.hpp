// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>

namespace vigie {

/// The randomness port: jitter, ids and nonces of one component. One instance per thread or feed.
/// Not for secrets (those come from OpenSSL's RAND_bytes).
class random_source {
 public:
  virtual ~random_source() = default;
  virtual std::uint64_t next() noexcept = 0;
  /// Uniform in [0, 1).
  double unit() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
};

/// Reproducible from its seed; the simulation hands these out.
class seeded_random final : public random_source {
 public:
  explicit seeded_random(std::uint64_t seed) noexcept : engine_{seed} {}
  std::uint64_t next() noexcept override { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace vigie
