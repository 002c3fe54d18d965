// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vigie/sdk.hpp>

#include "source_options.hpp"

namespace vigie::libav_source {

/// Where a stream's pictures go; called on the reader's thread.
struct reader_sinks {
  std::function<sdk::status(const sdk::packet&)> push;
  std::function<void(sdk::status, const std::string&)> ended;
};

/// Reads one source on a thread of its own until it ends, breaks or is destroyed: video only, H.264
/// and H.265 as Annex B, JPEG as it is. Sources that are faster than time are held back to it.
class stream_reader {
 public:
  stream_reader(source_options options, reader_sinks sinks);
  /// Interrupts whatever is under way and joins; nothing is pushed once it returned.
  ~stream_reader();
  stream_reader(const stream_reader&) = delete;
  stream_reader& operator=(const stream_reader&) = delete;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace vigie::libav_source
