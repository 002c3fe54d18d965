// SPDX-License-Identifier: Apache-2.0
#include "verify/verdict.hpp"

#include <nlohmann/json.hpp>
#include <sstream>

namespace verify {
namespace {

using nlohmann::json;

json counts_of(const camera_verdict& c) {
  return {{"files", c.files},
          {"frames", c.frames},
          {"bytes", c.bytes},
          {"seconds", c.seconds},
          {"lost", c.lost},
          {"duplicated", c.duplicated},
          {"foreign", c.foreign},
          {"unnumbered", c.unnumbered},
          {"unplayable", c.unplayable},
          {"torn_tail", c.torn_tail},
          {"audio_tracks", c.audio_tracks},
          {"implausible", c.implausible},
          {"restarts", c.restarts}};
}

json gaps_of(const camera_verdict& c) {
  json all = json::array();
  for (const auto& g : c.gaps)
    all.push_back({{"camera", g.camera},
                   {"from", g.from},
                   {"to", g.to},
                   {"seconds", g.seconds},
                   {"allowed", g.is_allowed}});
  return all;
}

}  // namespace

std::string to_json(const verdict& v, bool with_cameras) {
  auto body = counts_of(v.sum);
  body["ok"] = v.is_ok;
  body["cameras"] = v.cameras;
  body["missing_cameras"] = v.missing_cameras;
  body["forbidden_gaps"] = v.forbidden_gaps;
  body["gaps"] = gaps_of(v.sum);
  body["problems"] = v.sum.problems;
  if (with_cameras) {
    auto& cameras = body["per_camera"] = json::object();
    for (const auto& c : v.per_camera) {
      auto& one = cameras[c.camera] = counts_of(c);
      one["first"] = c.first;
      one["last"] = c.last;
      one["gaps"] = gaps_of(c);
    }
  }
  // Names of files are bytes: whatever is not UTF-8 in them must not cost the verdict.
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string to_text(const verdict& v) {
  std::ostringstream out;
  const auto& s = v.sum;
  out << v.cameras << " cameras, " << s.files << " files, " << s.frames << " frames, " << s.seconds
      << " s\n"
      << "lost " << s.lost << ", duplicated " << s.duplicated << ", foreign " << s.foreign
      << ", unplayable " << s.unplayable << ", torn " << s.torn_tail << ", gaps " << s.gaps.size()
      << " (" << v.forbidden_gaps << " not allowed)\n";
  for (const auto& problem : s.problems) out << "  " << problem << '\n';
  out << (v.is_ok ? "ok" : "NOT OK") << '\n';
  return out.str();
}

}  // namespace verify
