// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "vigie/sdk.h"

namespace vigie::onvif {

/// Why a device could not be asked: a status of the ABI and a sentence without secrets.
struct failure {
  vigie_status_t code = VIGIE_E_INTERNAL;
  std::string text;
};

template <class T>
using outcome = tl::expected<T, failure>;

inline tl::unexpected<failure> failed(vigie_status_t code, std::string text) {
  return tl::unexpected<failure>{failure{code, std::move(text)}};
}

}  // namespace vigie::onvif
