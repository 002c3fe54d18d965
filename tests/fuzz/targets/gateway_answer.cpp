// SPDX-License-Identifier: Apache-2.0
#include "fuzz/target.hpp"
#include "gateway/answer.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

constexpr std::uint64_t clip_bytes = 1000;
constexpr utc_us noon = 1'795'000'000'000'000;

/// '%l' and '%c' stand for a live and a clip token that are good: what lies behind them is reached.
std::string with_tokens(std::string_view text, const gateway::token_mint& mint) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto pair = text.substr(i, 2);
    if (pair == "%l")
      out += mint.mint_live(camera_id{"cam-1"}, "u-1", commune_id{"95018"}, "s-1").text;
    else if (pair == "%c")
      out += mint.mint_clip(camera_id{"cam-1"}, "u-1", commune_id{"95018"}, "s-2", noon,
                            noon + 60'000'000)
                 .text;
    else {
      out += text[i];
      continue;
    }
    ++i;
  }
  return out;
}

bool is_header_text(std::string_view text) {
  return text.find_first_of(std::string_view{"\r\n\0", 3}) == text.npos;
}

/// The head of any request: no image without a token of ours, nothing outside the file that was
/// found, no header that a client could write into.
void run(byte_view bytes) {
  const manual_clock time;
  gateway::token_mint mint{secret{"0123456789abcdef"}, time};
  gateway::gateway_options options;
  options.dashboard_dir = "/nonexistent/vigie-page";
  bool is_resolved = false;
  gateway::gateway_ports ports;
  ports.resolve_clip = [&is_resolved](const gateway::media_claims& claims,
                                      const std::string& segment) -> result<gateway::clip_file> {
    require(claims.kind == gateway::media_kind::clip && claims.session == "s-2",
            "clips for clip tokens");
    is_resolved = true;
    if (segment == "none.mp4") return fail(errc::not_found, "no such recording");
    const auto start = segment == "late.mp4" ? noon + 60'000'000 : noon;
    return gateway::clip_file{"/nonexistent/clip.mp4", clip_bytes, start, start + 60'000'000};
  };
  ports.console_json = [] { return std::string{"{}"}; };
  ports.metrics_text = [] { return std::string{"vigie_up 1\n"}; };
  ports.health = [] { return gateway::health_answer{true, "{}"}; };

  input in{bytes};
  const auto control = in.u8();
  std::vector<std::string> parts;
  for (const auto part : packets_of(in)) parts.push_back(with_tokens(text_of(part), mint));
  parts.resize(6);
  gateway::request_head head;
  head.method = parts[0];
  head.target = parts[1];
  head.host = parts[2];
  head.range = parts[3];
  head.if_range = parts[4];
  head.if_none_match = parts[5];
  head.is_websocket = (control & 1) != 0;
  const auto made = gateway::decide(head, options, ports, mint);

  require(made.status >= 200 && made.status < 600, "a status of HTTP");
  require(!made.is_live ||
              (made.media && head.is_websocket && made.media->kind == gateway::media_kind::live &&
               made.media->session == "s-1"),
          "live video for live tokens");
  require(!made.file || (is_resolved && made.media && (made.status == 200 || made.status == 206)),
          "no file without a token");
  if (made.file)
    require(made.file->length > 0 && made.file->offset < clip_bytes &&
                made.file->length <= clip_bytes - made.file->offset,
            "what is sent lies in the file");
  require(!made.media || made.is_live || made.file || made.status == 416,
          "media for those who get some");
  if (head.method != "GET" && head.method != "HEAD")
    require(made.status == 405, "nothing is written here");
  for (const auto& [name, value] : made.headers)
    require(!name.empty() && is_header_text(name) && is_header_text(value), "a header is a line");
}

std::string head(char control, const std::vector<std::string>& parts) {
  return control + in_packets(parts);
}

std::vector<std::string> seeds() {
  return {head(0, {"GET", "/", "127.0.0.1:8080"}),
          head(1, {"GET", "/live/%l", "localhost:8080"}),
          head(0, {"GET", "/live/%l", "[::1]:8080"}),
          head(0, {"GET", "/clip/%c/20261121T201433400Z.mp4", "127.0.0.1", "bytes=0-99"}),
          head(0, {"HEAD", "/clip/%c/late.mp4", "127.0.0.1", "bytes=-1", "\"tag\""}),
          head(0, {"GET", "/clip/%c/none.mp4", "127.0.0.1"}),
          head(0, {"GET", "/clip/%l/x.mp4", "127.0.0.1"}),
          head(0, {"GET", "/metrics", "evil.example"}),
          head(0, {"POST", "/console.json", "localhost"}),
          head(0, {"GET", "/healthz", "localhost", "", "", "\"0-0\""})};
}

const registration self{
    {"gateway_answer",
     run,
     seeds,
     {"GET", "HEAD", "/live/%l", "/clip/%c/", "bytes=", "127.0.0.1", "localhost", "[::1]",
      "/console.json", "/metrics", "/healthz", "\r\n", "%0d%0a", "18446744073709551615"}}};

}  // namespace
