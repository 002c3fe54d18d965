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

bool is_stream_url(std::string_view url) noexcept {
  if (!url.starts_with("rtsp://") && !url.starts_with("rtsps://")) return false;
  const auto host = url.find("//") + 2;
  const auto authority = url.substr(host, url.find('/', host) - host);
  if (authority.empty() || authority.find('@') != std::string_view::npos) return false;
  for (const char c : url)
    if (c <= ' ' || c == 0x7f) return false;
  return true;
}

}  // namespace vigie::plugin_host
