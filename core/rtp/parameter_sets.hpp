// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "media/codec_parameters.hpp"
#include "rtp/policies.hpp"

namespace vigie::rtp {

/// The parameter sets of one stream: first those of its description, a hint, then those it carries.
/// [ingest]
class parameter_sets {
 public:
  parameter_sets(media::codec kind, parameters_policy policy,
                 const std::optional<media::codec_parameters>& described);

  /// A parameter set of the stream, header included. False when it is beyond our bounds and was not
  /// taken.
  bool take(byte_view nal);

  /// The sets as they are now; the same pointer while nothing changed, null until all are there.
  const media::codec_parameters_ptr& current();
  /// What sinks were given: going back to it is no change.
  void published(media::codec_parameters_ptr parameters) { published_ = std::move(parameters); }

 private:
  bool store(byte_view nal);
  bool replace(std::vector<std::uint8_t>& known, byte_view nal);
  bool is_complete() const noexcept;

  const media::codec kind_;
  bool is_closed_ = false;  ///< sets of the stream are left out
  std::vector<std::uint8_t> vps_;
  std::vector<std::uint8_t> sps_;
  std::map<std::uint32_t, std::vector<std::uint8_t>> pps_;  ///< by id
  bool is_changed_ = false;
  bool has_pps_in_band_ = true;  ///< false while those we have came from the description
  media::codec_parameters_ptr current_;
  media::codec_parameters_ptr published_;
};

}  // namespace vigie::rtp
