// SPDX-License-Identifier: Apache-2.0
#include <utility>
// boost/asio needs <utility> before it in C++20.
#include <fmt/format.h>

#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>

#include "recipients/cap_desk.hpp"
#include "recipients/desks.hpp"
#include "recipients/webhook_desk.hpp"

namespace vigie::simulators {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
using request = http::request<http::string_body>;
using response = http::response<http::string_body>;

response answer(unsigned status, std::string body, const char* type) {
  response r{http::int_to_status(status), 11};
  r.set(http::field::content_type, type);
  r.body() = std::move(body);
  r.prepare_payload();
  return r;
}

std::int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// "2026-11-21T17:14:00-00:00": UTC as CAP writes it.
std::string cap_now() {
  using namespace std::chrono;
  const auto now = floor<seconds>(system_clock::now());
  const auto day = floor<days>(now);
  const year_month_day date{day};
  const hh_mm_ss time{now - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}-00:00", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

// Reads one request, lets `handle` answer it in the recipient's mood; an empty answer hangs up.
template <class Handle>
void serve_one(door::socket& peer, ssl::context& tls, common_room& room, const std::string& name,
               Handle handle) {
  ssl::stream<door::socket&> stream{peer, tls};
  stream.handshake(ssl::stream_base::server);
  beast::flat_buffer buffer;
  http::request_parser<http::string_body> parser;
  parser.body_limit(256 * 1024);
  http::read(stream, buffer, parser);
  const mood m = room.next_mood(name);
  if (m.is == behaviour::mute) return room.linger(mute_time);
  std::optional<response> reply;
  if (m.is == behaviour::busy)
    reply = answer(503, "", "text/plain");
  else if (m.is == behaviour::refuse)
    reply = answer(403, "", "text/plain");
  else
    reply = handle(parser.get(), m.is);
  if (m.is == behaviour::drop) return;
  if (m.is == behaviour::slow) room.linger(m.delay);
  reply->keep_alive(false);
  http::write(stream, *reply);
  boost::system::error_code ignored;
  stream.shutdown(ignored);
}

std::string reply_to(const cap_message& message, behaviour is, const std::string& sender) {
  const auto write = [&](const cap_message& about, std::string_view type, const char* note) {
    return write_cap_reply(about, type, sender, fmt::format("ack-{}", message.identifier),
                           cap_now(), note);
  };
  switch (is) {
    case behaviour::garbage:
      return "<alert><<";
    case behaviour::duplicate_ack:
      return write(message, "Ack", "pris en compte") + write(message, "Ack", "pris en compte");
    case behaviour::foreign_ack: {
      cap_message other = message;
      other.identifier += "-other";
      return write(other, "Ack", "pris en compte");
    }
    case behaviour::error_message:
      return write(message, "Error", "hors secteur");
    default:
      return write(message, "Ack", "pris en compte");
  }
}

std::string header_of(const request& r, const char* name) {
  const auto value = r[name];
  return {value.data(), value.size()};
}

}  // namespace

void serve_cap(door::socket& peer, ssl::context& tls, common_room& room, const desk_options& desk) {
  serve_one(peer, tls, room, desk.name, [&](const request& r, behaviour is) {
    const cap_message message = judge_cap(r.body());
    if (!message.breaches.empty()) {
      room.book.turn_away(desk.name, message.breaches.front());
      return answer(400, message.breaches.front(), "text/plain");
    }
    room.book.take(desk.name, message.sender + "," + message.identifier, r.body());
    return answer(200, reply_to(message, is, desk.sender), "application/cap+xml");
  });
}

void serve_webhook(door::socket& peer, ssl::context& tls, common_room& room,
                   const desk_options& desk) {
  serve_one(peer, tls, room, desk.name, [&](const request& r, behaviour is) {
    const std::string key = header_of(r, "Idempotency-Key");
    const std::string why =
        judge_webhook({key, header_of(r, "Vigie-Timestamp"), header_of(r, "Vigie-Signature")},
                      r.body(), desk.secret, now_s(), desk.window_s);
    if (!why.empty()) {
      room.book.turn_away(desk.name, why);
      return answer(401, why, "text/plain");
    }
    const bool is_new = room.book.take(desk.name, key, r.body());
    if (is == behaviour::garbage) return answer(200, "\x01{{", "application/json");
    return answer(is_new ? 201 : 409,
                  fmt::format(R"({{"reference":"hook-{}","acknowledged":false}})", key),
                  "application/json");
  });
}

}  // namespace vigie::simulators
