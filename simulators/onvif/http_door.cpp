// SPDX-License-Identifier: Apache-2.0
#include "onvif/http_door.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <optional>

namespace vigie::simulators::onvif {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

/// One connection, kept alive from question to question.
class connection : public std::enable_shared_from_this<connection> {
 public:
  connection(tcp::socket socket, const http_door::handler& on_question)
      : stream_{std::move(socket)}, on_question_{on_question} {}

  void read() {
    parser_.emplace();
    parser_->body_limit(1024 * 1024);
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](boost::system::error_code problem, std::size_t) {
                       if (!problem) self->ask();
                     });
  }

 private:
  void ask() {
    const auto& got = parser_->get();
    const auto text = [](boost::beast::string_view view) {
      return std::string{view.data(), view.size()};
    };
    const http_question question{text(got.target()), text(got[http::field::authorization]),
                                 got.body()};
    keep_alive_ = got.keep_alive();
    on_question_(question, [self = shared_from_this()](http_reply reply) {
      if (reply.delay.count() == 0) return self->write(reply);
      auto timer = std::make_shared<asio::steady_timer>(self->stream_.get_executor(), reply.delay);
      timer->async_wait([self, timer, reply](boost::system::error_code) { self->write(reply); });
    });
  }
  void write(const http_reply& reply) {
    if (!stream_.socket().is_open()) return;
    answer_ = {static_cast<http::status>(reply.status), 11};
    answer_.set(http::field::content_type, "application/soap+xml; charset=utf-8");
    if (!reply.challenge.empty()) answer_.set(http::field::www_authenticate, reply.challenge);
    answer_.keep_alive(keep_alive_);
    answer_.body() = reply.body;
    answer_.prepare_payload();
    http::async_write(stream_, answer_,
                      [self = shared_from_this()](boost::system::error_code problem, std::size_t) {
                        if (!problem && self->keep_alive_) return self->read();
                        boost::system::error_code ignored;
                        self->stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
                      });
  }

  boost::beast::tcp_stream stream_;
  const http_door::handler& on_question_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> answer_;
  bool keep_alive_ = true;
};

class tcp_door final : public http_door {
 public:
  tcp_door(asio::io_context& io, handler on_question)
      : acceptor_{io}, on_question_{std::move(on_question)} {}

  void listen(const tcp::endpoint& where) {
    acceptor_.open(where.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(where);
    acceptor_.listen();
    accept();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](boost::system::error_code problem, tcp::socket socket) {
      if (problem == asio::error::operation_aborted) return;
      if (!problem) std::make_shared<connection>(std::move(socket), on_question_)->read();
      accept();
    });
  }
  tcp::acceptor acceptor_;
  const handler on_question_;
};

}  // namespace

result<std::shared_ptr<http_door>> http_door::open(asio::io_context& io, const std::string& address,
                                                   std::uint16_t port, handler on_question) {
  auto door = std::make_shared<tcp_door>(io, std::move(on_question));
  try {
    door->listen({asio::ip::make_address(address), port});
  } catch (const boost::system::system_error& e) {
    return fail(errc::io_failed,
                fmt::format("cannot listen on {}:{}: {}", address, port, e.code().message()));
  }
  return door;
}

}  // namespace vigie::simulators::onvif
