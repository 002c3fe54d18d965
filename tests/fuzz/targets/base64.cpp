// SPDX-License-Identifier: Apache-2.0
#include "rtsp/base64.hpp"

#include "fuzz/target.hpp"
#include "gateway/base64url.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Both alphabets: what was encoded decodes to itself, and what was decoded has one text.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto text = text_of(own);
  const auto there = rtsp::base64_decode(rtsp::base64_encode(text));
  require(there && *there == own, "base64 there and back");
  if (const auto decoded = rtsp::base64_decode(text)) {
    require(decoded->size() <= text.size() / 4 * 3 + 2, "three bytes of four characters");
    const auto again = rtsp::base64_decode(rtsp::base64_encode(text_of(*decoded)));
    require(again && *again == *decoded, "decoded bytes stay");
  }
  const auto url_there = gateway::from_base64url(gateway::to_base64url(text));
  require(url_there && *url_there == text, "base64url there and back");
  if (const auto decoded = gateway::from_base64url(text))
    require(gateway::to_base64url(*decoded) == text, "every byte string has one text");
}

std::vector<std::string> seeds() {
  return {"Z0LAHtk=", "aM48gA==", "Z0LAHtk", "_-8", "=", "AA==="};
}

const registration self{{"base64", run, seeds, {"=", "==", "+/", "-_"}}};

}  // namespace
