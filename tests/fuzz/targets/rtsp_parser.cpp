// SPDX-License-Identifier: Apache-2.0
#include "rtsp/parser.hpp"

#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

constexpr std::size_t most_held = 256 * 1024 + 64 * 1024 + 64 * 1024;

/// What came out, and whether it ended in an error.
struct account {
  std::string items;
  bool failed = false;
  friend bool operator==(const account&, const account&) = default;
};

void note(account& told, rtsp::parser& parser, rtsp::parser::item item) {
  const auto headers = [&](const rtsp::header_list& list) {
    require(list.size() <= rtsp::parser_limits{}.headers, "no more headers than the limit");
    for (const auto& field : list.fields()) told.items += field.name + ':' + field.value + '\n';
  };
  if (item == rtsp::parser::item::frame) {
    const auto& frame = parser.frame();
    told.items += '$' + std::to_string(frame.channel) + std::string{text_of(frame.payload)};
  } else if (item == rtsp::parser::item::response) {
    const auto& message = parser.response();
    require(message.status >= 100 && message.status <= 999, "a status has three digits");
    told.items += std::to_string(message.status) + message.reason + '\n' + message.body;
    headers(message.headers);
  } else {
    const auto& message = parser.request();
    told.items += message.method + ' ' + message.uri + '\n' + message.body;
    headers(message.headers);
  }
}

account read(const std::vector<byte_view>& pieces, rtsp::resync_policy resync, bool is_assigned) {
  rtsp::parser parser{resync};
  if (is_assigned) parser.assign({0, 1, 96});
  account told;
  for (const auto piece : pieces) {
    const auto own = copy_of(piece);
    parser.feed(own);
    while (true) {
      const auto item = parser.next();
      if (!item) {
        told.failed = true;
        return told;
      }
      if (*item == rtsp::parser::item::none) break;
      note(told, parser, *item);
    }
    require(parser.buffered_bytes() <= most_held, "memory is bounded");
  }
  return told;
}

/// The same items come out however the stream was cut into reads.
void run(byte_view bytes) {
  input in{bytes};
  const auto control = in.u8();
  const auto resync = control & 1 ? rtsp::resync_policy::bounded : rtsp::resync_policy::refuse;
  const bool is_assigned = (control & 2) != 0;
  const auto stream = in.rest();
  const auto whole = read({stream}, resync, is_assigned);
  require(whole == read(pieces_of(stream, 0), resync, is_assigned), "whole = byte by byte");
  require(whole == read(pieces_of(stream, control + 1U), resync, is_assigned), "whole = any split");
}

std::vector<std::string> seeds() {
  const std::string frame{"$\0\0\x0e\x80\x60\0\1\0\0\0\1\x0b\xad\xca\xfe\x65\x88", 18};
  const std::string reply = "RTSP/1.0 200 OK\r\nCSeq: 4\r\nSession: 4711;timeout=60\r\n\r\n";
  const std::string body =
      "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 9\r\nX: a\r\n b\r\n\r\nv=0\r\nm=v\n";
  return {"\3" + reply + frame + frame, "\3" + frame + "oops" + frame + reply, "\1" + body + reply,
          std::string(1, '\0') + "OPTIONS rtsp://a/ RTSP/1.0\r\nCSeq: 1\r\n\r\n" + reply};
}

const registration self{{"rtsp_parser",
                         run,
                         seeds,
                         {"RTSP/1.0 ", "200 OK\r\n", "\r\n\r\n", "\n\n", "Content-Length: ",
                          "GET_PARAMETER ", "$", "ANNOUNCE rtsp://", "CSeq: 1\r\n"}}};

}  // namespace
