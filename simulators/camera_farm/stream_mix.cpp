// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/stream_mix.hpp"

#include <fmt/format.h>

#include <numeric>

namespace vigie::simulators {

namespace {

// Width, height, pictures a second, kbit/s, pictures from key to key, seconds of loop; weight.
const std::vector<stream_share>& city() {
  constexpr auto h264 = video_codec::h264;
  static const std::vector<stream_share> kinds{
      {{h264, 640, 360, 12, 256, 24, 8}, 45},      // what a recording of proof needs
      {{h264, 640, 360, 8, 128, 16, 8}, 20},       // behind ADSL and radio links
      {{h264, 704, 576, 12, 512, 48, 8}, 20},      // older cameras
      {{h264, 1280, 720, 15, 1'200, 120, 8}, 12},  // "smart" codecs: a key picture every 8 s
      {{h264, 1920, 1080, 25, 4'000, 50, 2}, 3},
  };
  return kinds;
}

}  // namespace

result<std::vector<stream_share>> stream_mix(const farm_options& options) {
  std::vector<stream_share> kinds;
  if (options.profile == "uniform")
    kinds.push_back({options.pictures, 1});
  else if (options.profile == "city")
    kinds = city();
  else
    return fail(errc::config_invalid,
                fmt::format("--profile must be uniform or city, not {}", options.profile));
  if (options.codec != "h264" && options.codec != "h265" && options.codec != "mix")
    return fail(errc::config_invalid,
                fmt::format("--codec must be h264, h265 or mix, not {}", options.codec));
  std::vector<stream_share> shares;
  for (stream_share kind : kinds) {
    if (options.codec != "h265") shares.push_back(kind);
    kind.pictures.codec = video_codec::h265;
    if (options.codec != "h264") shares.push_back(kind);
  }
  return shares;
}

std::size_t share_of_camera(const std::vector<stream_share>& shares, std::uint64_t seed,
                            unsigned index) {
  const std::uint64_t total =
      std::accumulate(shares.begin(), shares.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const stream_share& one) { return sum + one.weight; });
  // A hash of both (the finaliser of SplitMix64), so that cameras do not depend on each other.
  std::uint64_t x = (seed << 20) + index;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
  std::uint64_t place = (x ^ x >> 31) % total;
  std::size_t i = 0;
  while (place >= shares[i].weight) place -= shares[i++].weight;
  return i;
}

}  // namespace vigie::simulators
