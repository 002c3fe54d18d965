// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/rtsp_request.hpp"
#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

std::string read(const std::vector<byte_view>& pieces) {
  simulators::rtsp_request_reader reader;
  std::string told;
  for (const auto piece : pieces) {
    reader.feed(text_of(piece));
    while (const auto request = reader.next()) {
      told += request->method + ' ' + request->uri + '\n';
      for (const auto& [name, value] : request->headers) told += name + ':' + value + '\n';
    }
  }
  return told + (reader.broken() ? "broken" : "");
}

/// A simulated camera reads a client's stream the same way however it is cut.
void run(byte_view bytes) {
  const auto whole = read({bytes});
  require(whole == read(pieces_of(bytes, 0)), "whole = byte by byte");
  require(whole == read(pieces_of(bytes, bytes.size())), "whole = any split");
}

std::vector<std::string> seeds() {
  const std::string options = "OPTIONS rtsp://a/ RTSP/1.0\r\nCSeq: 1\r\n\r\n";
  return {options + std::string{"$\1\0\4abcd", 8} + options,
          "SET_PARAMETER rtsp://a/ RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 3\r\n\r\nabc" + options};
}

const registration self{
    {"farm_request", run, seeds, {" RTSP/1.0\r\n", "Content-Length: ", "\r\n\r\n", "$", "CSeq: "}}};

}  // namespace
