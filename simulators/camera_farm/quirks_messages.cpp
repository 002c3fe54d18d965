// SPDX-License-Identifier: Apache-2.0
// Groups B and C of the quirk catalogue: messages, headers, URLs.
#include <fmt/format.h>

#include <array>

#include "camera_farm/quirk.hpp"

namespace vigie::simulators {

namespace {

bool refuse(rtsp_reply& r, const char* status) {
  r.status = status;
  return true;
}

bool describes(const reply_scene& s, rtsp_reply& r) { return s.is("DESCRIBE") && r.is_ok(); }

/// Replaces the base of a description.
template <class Make>
void rebase(const reply_scene& s, rtsp_reply& r, Make make) {
  if (!describes(s, r)) return;
  if (std::string* base = r.find("Content-Base")) *base = make(*base);
}

bool only_own_base(const reply_scene& s, rtsp_reply& r) {
  if (!s.is("GET_PARAMETER") && !s.is("SET_PARAMETER")) return false;
  return s.request.uri.ends_with(s.camera.path + "/") ? false : refuse(r, "404 Not Found");
}

bool describes_once(const reply_scene& s, rtsp_reply& r) {
  if (s.is("DESCRIBE") && s.memory.times >= 1) return refuse(r, "503 Service Unavailable");
  if (s.is("SETUP") && s.memory.times == 0) return refuse(r, "455 Method Not Valid in This State");
  return false;
}

bool endless_header(const reply_scene& s, rtsp_reply& r) {
  if (!s.is("DESCRIBE")) return false;
  r.before = "RTSP/1.0 200 OK\r\nX-Vendor: " + std::string(256 * 1024, 'a');
  r.is_silent = true;
  return true;
}

constexpr std::string_view query = "?channel=1&subtype=0";
constexpr std::string_view private_host = "192.168.1.64";

bool only_appended_control(const reply_scene& s, rtsp_reply& r) {
  if (!s.is("SETUP")) return false;
  const bool is_appended = s.request.uri.ends_with(fmt::format("{}/trackID=1", query));
  return is_appended ? false : refuse(r, "404 Not Found");
}

bool moved(const reply_scene& s, rtsp_reply& r) {
  if (!s.is("DESCRIBE") || s.request.uri.find("/second") != std::string::npos) return false;
  std::string_view from = s.request.uri;
  while (from.ends_with('/')) from.remove_suffix(1);
  r.set("Location", fmt::format("{}/second", from));
  return refuse(r, "302 Moved Temporarily");
}

constexpr std::array quirks{
    quirk{.name = "cseq_blank",
          .row = 11,
          .world = "a blank behind every header value (Longse)",
          .reply =
              [](const reply_scene&, rtsp_reply& r) {
                for (auto& header : r.headers) header.second += ' ';
              },
          .is_of_handshake = true},
    quirk{.name = "cseq",
          .row = 12,
          .world = "answers carry no CSeq",
          .reply = [](const reply_scene&, rtsp_reply& r) { r.drop("CSeq"); },
          .is_of_handshake = true},
    quirk{.name = "cseq_spelling",
          .row = 13,
          .world = "400 unless the header is spelt CSeq; its own is spelt cseq",
          .instead =
              [](const reply_scene& s, rtsp_reply& r) {
                return s.request.spells_cseq ? false : refuse(r, "400 Bad Request");
              },
          .reply =
              [](const reply_scene&, rtsp_reply& r) {
                for (auto& header : r.headers)
                  if (header.first == "CSeq") header.first = "cseq";
              },
          .is_of_handshake = true},
    quirk{.name = "user_agent",
          .row = 14,
          .world = "401 to requests without User-Agent",
          .instead =
              [](const reply_scene& s, rtsp_reply& r) {
                return s.request.header("user-agent").empty() ? refuse(r, "401 Unauthorized")
                                                              : false;
              },
          .is_of_handshake = true},
    quirk{.name = "options_refused",
          .row = 15,
          .world = "OPTIONS is not found",
          .instead =
              [](const reply_scene& s, rtsp_reply& r) {
                return s.is("OPTIONS") ? refuse(r, "404 Not Found") : false;
              },
          .is_of_handshake = true},
    quirk{.name = "content_type",
          .row = 16,
          .world = "a description without Content-Type",
          .reply = [](const reply_scene&, rtsp_reply& r) { r.drop("Content-Type"); },
          .is_of_handshake = true},
    quirk{.name = "mode_play",
          .row = 17,
          .world = "400 to a Transport that says mode=",
          .instead =
              [](const reply_scene& s, rtsp_reply& r) {
                return s.request.header("transport").find("mode=") != std::string_view::npos
                           ? refuse(r, "400 Bad Request")
                           : false;
              },
          .is_of_handshake = true},
    quirk{.name = "range_header",
          .row = 18,
          .world = "457 to PLAY without Range (Parrot)",
          .instead =
              [](const reply_scene& s, rtsp_reply& r) {
                return s.is("PLAY") && s.request.header("range").empty()
                           ? refuse(r, "457 Invalid Range")
                           : false;
              },
          .is_of_handshake = true},
    quirk{.name = "keepalive_url",
          .row = 19,
          .world = "404 to keep-alives of any URL but its Content-Base",
          .instead = only_own_base},
    quirk{
        .name = "one_describe",
        .row = 20,
        .world = "503 to a second description on a connection, 455 to SETUP before it (Hikvision)",
        .instead = describes_once,
        .reply =
            [](const reply_scene& s, rtsp_reply& r) {
              if (describes(s, r)) ++s.memory.times;
            },
        .is_of_handshake = true},
    quirk{.name = "message_bounds",
          .row = 21,
          .world = "DESCRIBE is answered with a header that never ends",
          .instead = endless_header,
          .is_of_handshake = true},
    quirk{.name = "content_base",
          .row = 22,
          .world = "Content-Location instead of Content-Base",
          .reply =
              [](const reply_scene&, rtsp_reply& r) {
                for (auto& header : r.headers)
                  if (header.first == "Content-Base") header.first = "Content-Location";
              },
          .is_of_handshake = true},
    quirk{.name = "base_schemeless",
          .row = 23,
          .world = "a base without rtsp:// (Anjvision)",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                rebase(s, r,
                       [](const std::string& base) { return base.substr(base.find("//") + 2); });
              },
          .is_of_handshake = true},
    quirk{.name = "base_path_only",
          .row = 24,
          .world = "a base that is only a path",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                rebase(s, r, [&](const std::string&) { return s.camera.path + "/"; });
              },
          .is_of_handshake = true},
    quirk{.name = "url_repair",
          .row = 25,
          .world = "a base of rtsp://rtsp://",
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                rebase(s, r, [](const std::string& base) { return "rtsp://" + base; });
              },
          .is_of_handshake = true},
    quirk{.name = "control_join",
          .row = 26,
          .world = "a query in the base, and the control must be appended behind it",
          .instead = only_appended_control,
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                rebase(s, r, [](std::string base) {
                  base.pop_back();
                  return base.append(query).append("/");
                });
              },
          .is_of_handshake = true},
    quirk{.name = "trust_described_host",
          .row = 27,
          .world = "behind NAT it describes itself at 192.168.1.64, where nobody finds it",
          .instead =
              [](const reply_scene& s, rtsp_reply& r) {
                return s.request.uri.find(private_host) != std::string::npos
                           ? refuse(r, "404 Not Found")
                           : false;
              },
          .reply =
              [](const reply_scene& s, rtsp_reply& r) {
                rebase(s, r, [&](const std::string&) {
                  return fmt::format("rtsp://{}{}/", private_host, s.camera.path);
                });
              },
          .is_of_handshake = true},
    quirk{.name = "control_missing",
          .row = 28,
          .world = "its only track has no control",
          .sdp =
              [](std::string& sdp) {
                constexpr std::string_view control = "a=control:trackID=1\r\n";
                if (const auto at = sdp.find(control); at != std::string::npos)
                  sdp.erase(at, control.size());
              },
          .is_of_handshake = true},
    quirk{.name = "redirects",
          .row = 29,
          .world = "302 from its first path to a second one",
          .instead = moved,
          .is_of_handshake = true},
};

}  // namespace

std::span<const quirk> message_quirks() { return quirks; }

}  // namespace vigie::simulators
