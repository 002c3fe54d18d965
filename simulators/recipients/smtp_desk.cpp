// SPDX-License-Identifier: Apache-2.0
#include <utility>
// boost/asio needs <utility> before it in C++20.
#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include "recipients/desks.hpp"

namespace vigie::simulators {

namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

constexpr std::size_t longest_mail_bytes = 256 * 1024;

// What the relay says to a complete mail; empty: it hangs up.
std::string judge_mail(const smtp_dialogue& talk, common_room& room, const std::string& name) {
  const mood m = room.next_mood(name);
  if (m.is == behaviour::busy) return "451 later\r\n";
  if (m.is == behaviour::refuse) return "554 not here\r\n";
  if (m.is == behaviour::mute) {
    room.linger(mute_time);
    return {};
  }
  const std::string key = talk.header("Message-ID");
  if (key.empty()) {
    room.book.turn_away(name, "no Message-ID");
    return "554 no Message-ID\r\n";
  }
  room.book.take(name, key, talk.mail());
  if (m.is == behaviour::drop) return {};
  if (m.is == behaviour::slow) room.linger(m.delay);
  if (m.is == behaviour::garbage) return "banana\r\n";
  return "250 2.0.0 Ok: queued as sim-" + std::to_string(talk.mail().size()) + "\r\n";
}

// Returns true when the peer asked for TLS.
template <class Stream>
bool converse(Stream& stream, smtp_dialogue& talk, common_room& room, const std::string& name) {
  std::string received;
  while (!room.is_closing()) {
    const std::size_t length =
        asio::read_until(stream, asio::dynamic_buffer(received, longest_mail_bytes), "\r\n");
    const std::string line = received.substr(0, length - 2);
    received.erase(0, length);
    smtp_dialogue::turn turn = talk.on_line(line);
    if (turn.then == smtp_dialogue::next::mail_complete) {
      turn.reply = judge_mail(talk, room, name);
      talk.reset();
      if (turn.reply.empty()) return false;
    }
    asio::write(stream, asio::buffer(turn.reply));
    if (turn.then == smtp_dialogue::next::start_tls) return true;
    if (turn.then == smtp_dialogue::next::hang_up) return false;
  }
  return false;
}

}  // namespace

void serve_smtp(door::socket& peer, ssl::context& tls, common_room& room,
                const desk_options& desk) {
  smtp_dialogue talk{desk.smtp, desk.is_tls_from_the_start};
  if (!desk.is_tls_from_the_start) {
    asio::write(peer, asio::buffer(smtp_dialogue::greeting()));
    if (!converse(peer, talk, room, desk.name)) return;
  }
  ssl::stream<door::socket&> stream{peer, tls};
  stream.handshake(ssl::stream_base::server);
  if (desk.is_tls_from_the_start) asio::write(stream, asio::buffer(smtp_dialogue::greeting()));
  talk.on_encrypted();
  converse(stream, talk, room, desk.name);
}

}  // namespace vigie::simulators
