// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace vigie::libav_source {

/// One stream, as attached.
struct source_options {
  std::string address;             ///< http://, https:// or file:///
  std::string username, password;  ///< HTTP basic or digest, never in the address
  std::string format;              ///< a demuxer's name ("mpjpeg", "hls"); empty: probed
  bool loops = false;              ///< a file begins anew at its end
  std::chrono::milliseconds open_timeout{10'000};
  std::chrono::milliseconds read_timeout{
      15'000};  ///< of silence; a playlist is silent for a segment
};

/// What libavformat may open below that address (`protocol_whitelist`); empty: the address is
/// refused. A playlist of the network must never name a file of this machine.
std::string_view protocols_for(std::string_view address);

/// What is wrong with an address; empty: nothing.
std::string complaint_about(std::string_view address);

}  // namespace vigie::libav_source
