// SPDX-License-Identifier: Apache-2.0
#include "recording/segment.hpp"

#include <doctest/doctest.h>

#include "base/time_text.hpp"

using namespace vigie;
using namespace vigie::recording;

TEST_CASE("segment: a start is named to the millisecond and read back exactly") {
  const auto start = *from_rfc3339("2026-11-21T20:15:33.400Z");
  CHECK(start_text(start) == "20261121T201533400Z");
  CHECK(start_from_text("20261121T201533400Z") == start);
  CHECK(segment_path({camera_id{"cam-0001"}, start}) ==
        "2026-11-21/cam-0001/20261121T201533400Z.mp4");
}

TEST_CASE("segment: an id is read back, whatever is in the camera's name") {
  const segment_key key{camera_id{"a_b_20261121t201533400z"},
                        *from_rfc3339("2028-02-29T23:59:59.999Z")};
  CHECK(segment_from_id(segment_id(key)) == key);
}

TEST_CASE("segment: what is not an id is refused") {
  for (const auto* text :
       {"", "_20261121T201533400Z", "cam 20261121T201533400Z", "../x_20261121T201533400Z",
        "cam_20261321T201533400Z", "cam_20261121X201533400Z", "cam_20261121T201533400",
        "cam_20261121T2015334000", "cam-20261121T201533400Z", "Cam_20261121T201533400Z"}) {
    CAPTURE(text);
    CHECK_FALSE(segment_from_id(text));
  }
}
