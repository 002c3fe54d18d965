// SPDX-License-Identifier: Apache-2.0
#include "fuzz/target.hpp"
#include "gateway/token_mint.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// Any text as a token, and a good token with any change: only the one that was minted opens
/// anything, and only what it was minted for.
void run(byte_view bytes) {
  const manual_clock time;
  const gateway::token_mint mint{secret{"0123456789abcdef"}, time};
  const auto live = mint.mint_live(camera_id{"cam-1"}, "u-1", commune_id{"95018"}, "s-1").text;
  require(mint.verify(live, gateway::media_kind::live).has_value(), "a minted token opens");
  require(!mint.verify(live, gateway::media_kind::clip), "and nothing else");

  input in{bytes};
  const auto at = in.u8();
  const auto own = copy_of(in.rest());
  const auto text = text_of(own);
  for (const auto kind : {gateway::media_kind::live, gateway::media_kind::clip})
    if (mint.verify(text, kind)) require(text == live, "nobody else mints");
  std::string changed = live;
  changed.replace(at % live.size(), text.size(), text);
  if (mint.verify(changed, gateway::media_kind::live))
    require(changed == live, "a changed token is none");
}

std::vector<std::string> seeds() {
  const manual_clock time;
  const gateway::token_mint mint{secret{"another-key-0123"}, time};
  const auto live = mint.mint_live(camera_id{"cam-1"}, "u-1", commune_id{"95018"}, "s-1").text;
  return {"\1" + live, "\5A", "\x20.", std::string{"\0\0\0.", 4},
          "\7" + live.substr(0, live.find('.') + 1)};
}

const registration self{{"gateway_token", run, seeds, {".", "=", "-", "_", "AAAA"}}};

}  // namespace
