// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vigie/sdk.h>

#include <cstddef>
#include <cstdint>

namespace vigie::plugin_host::conformance::child {

/// A picture whose last byte is the last of its memory: reading past it, or writing anywhere, ends
/// the process. Luma and chroma follow a pattern of the seed.
class guarded_frame {
 public:
  guarded_frame(std::int32_t pixel_format, std::uint32_t width, std::uint32_t height,
                std::uint64_t seed, std::uint32_t padding = 0);
  ~guarded_frame();
  guarded_frame(const guarded_frame&) = delete;
  guarded_frame& operator=(const guarded_frame&) = delete;

  vigie_frame_t frame(std::uint64_t id, std::uint64_t camera, vigie_utc_us_t at) const;

 private:
  std::int32_t format_;
  std::uint32_t width_, height_, padding_;
  std::size_t mapped_ = 0;
  std::uint8_t* memory_ = nullptr;
  std::uint8_t* pixels_ = nullptr;
};

}  // namespace vigie::plugin_host::conformance::child
