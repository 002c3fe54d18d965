// SPDX-License-Identifier: Apache-2.0
#include "fuzz/target.hpp"
#include "gateway/route.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Any request target: where it leads never leaves the folder it names.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto found = gateway::parse_target(text_of(own));
  if (!found) return;
  for (const auto& part : {found->name, found->token}) {
    require(part.empty() || part.front() != '/', "relative");
    require(part.find('\\') == part.npos && part.find('\0') == part.npos, "plain characters");
    for (std::size_t at = 0; at < part.size();) {
      const auto end = std::min(part.find('/', at), part.size());
      const auto name = part.substr(at, end - at);
      require(!name.empty() && name.front() != '.', "no parent, no hidden name, no empty part");
      at = end + 1;
    }
  }
  require(!gateway::content_type_of(found->name).empty(), "every file has a type");
}

std::vector<std::string> seeds() {
  return {"/",
          "/console/app.js?x=1",
          "/live/abc.def",
          "/clip/abc.def/20261121T201433400Z.mp4",
          "/metrics",
          "/health",
          "/%2e%2e/%2fetc/passwd",
          "/a%00b"};
}

const registration self{{"gateway_route",
                         run,
                         seeds,
                         {"/", "..", "%2e", "%2f", "%5c", "%00", "/live/", "/clip/", "?", "//"}}};

}  // namespace
