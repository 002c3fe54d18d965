// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/facts.hpp"

#include <vigie/frame.h>

namespace vigie::plugin_host {

std::size_t picture_bytes(std::int32_t pixel_format, std::uint32_t width,
                          std::uint32_t height) noexcept {
  constexpr std::uint32_t largest = 4096;
  if (width == 0 || height == 0 || width > largest || height > largest) return 0;
  const std::size_t luma = std::size_t{width} * height;
  if (pixel_format == VIGIE_PIXEL_GRAY8) return luma;
  if (pixel_format != VIGIE_PIXEL_I420) return 0;
  return luma + 2 * (std::size_t{(width + 1) / 2} * ((height + 1) / 2));
}

}  // namespace vigie::plugin_host
