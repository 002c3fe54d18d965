// SPDX-License-Identifier: Apache-2.0
#include "gateway/detail/live_session.hpp"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <optional>
#include <vector>

#include "base/time_text.hpp"

namespace vigie::gateway::detail {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

constexpr std::size_t longest_incoming_bytes = 4096;
/// What the kernel may hold for a viewer: more would be latency that its queue cannot see.
constexpr int send_buffer_bytes = 256 << 10;
/// A viewer that was told to leave and does not is cut.
constexpr std::chrono::milliseconds leaving_grace{500};
constexpr std::chrono::seconds handshake_timeout{10};
constexpr std::chrono::seconds silence_timeout{20};

class live_session final : public connection, public std::enable_shared_from_this<live_session> {
 public:
  live_session(beast::tcp_stream stream, http::request<http::empty_body> request,
               media_claims claims, std::shared_ptr<server_context> context)
      : socket_{std::move(stream)},
        request_{std::move(request)},
        claims_{std::move(claims)},
        context_{std::move(context)},
        grace_{socket_.get_executor()} {
    context_->open.insert(this);
    ++context_->counts.connections;
  }

  ~live_session() override {
    context_->open.erase(this);
    --context_->counts.connections;
    if (queue_ && context_->hub) context_->hub->close(queue_);
  }

  void run() {
    auto& transport = beast::get_lowest_layer(socket_);
    transport.expires_never();  // the WebSocket has its own timeouts
    beast::error_code ignored;
    transport.socket().set_option(asio::socket_base::send_buffer_size{send_buffer_bytes}, ignored);
    websocket::stream_base::timeout limits{handshake_timeout, silence_timeout, true};
    socket_.set_option(limits);
    socket_.set_option(websocket::stream_base::decorator(
        [](websocket::response_type& r) { r.set(http::field::server, "Vigie"); }));
    socket_.read_message_max(longest_incoming_bytes);
    socket_.auto_fragment(false);
    socket_.async_accept(request_, [self = shared_from_this()](beast::error_code error) {
      if (!error) self->begin();
    });
  }

  const media_claims* media() const override { return &claims_; }

  void end(std::string_view reason) override {
    if (end_reason_) return;
    end_reason_ = std::string{reason};
    grace_.expires_after(leaving_grace);
    grace_.async_wait([weak = weak_from_this()](beast::error_code error) {
      if (const auto self = weak.lock(); self && !error) self->cut();
    });
    pump();
  }

  void cut() override { beast::get_lowest_layer(socket_).close(); }

 private:
  void begin() {
    is_open_ = true;
    queue_ = context_->hub->open(claims_.camera, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->pump();
    });
    listen();
    pump();
  }

  /// What a viewer says is ignored; reading is how its pings and its leaving are seen.
  void listen() {
    socket_.async_read(incoming_,
                       [self = shared_from_this()](beast::error_code error, std::size_t) {
                         if (error) {
                           self->leave();
                           return;
                         }
                         self->incoming_.clear();
                         self->listen();
                       });
  }

  void leave() {
    is_open_ = false;
    if (queue_ && context_->hub) context_->hub->close(queue_);
    queue_.reset();
    beast::error_code ignored;
    grace_.cancel(ignored);
    cut();
  }

  void pump() {
    if (!is_open_ || is_writing_) return;
    if (end_reason_) {
      say_end();
      return;
    }
    if (pending_fragment_) {
      send_fragment();
      return;
    }
    // `open` may call back before it has returned the queue.
    if (!queue_) return;
    auto message = queue_->pop();
    if (!message) return;
    if (message->init) {
      sent_init_ = std::move(message->init);
      send(true, {asio::buffer(sent_init_->bytes)});
    } else if (message->fragment) {
      pending_fragment_ = std::move(message->fragment);
      // Stamped when it leaves, so that the viewer's latency includes the wait in its queue.
      text_ = fmt::format(R"({{"kind":"time","media_s":{:.6f},"capture":"{}","sent":"{}"}})",
                          pending_fragment_->media_s, to_rfc3339(pending_fragment_->capture_utc_us),
                          to_rfc3339(context_->time.utc()));
      send(false, {asio::buffer(text_)});
    } else {
      text_ = std::move(message->text);
      send(false, {asio::buffer(text_)});
    }
  }

  void send_fragment() {
    sent_fragment_ = std::move(pending_fragment_);
    std::vector<asio::const_buffer> parts;
    parts.reserve(1 + sent_fragment_->units.size());
    parts.emplace_back(asio::buffer(sent_fragment_->header));
    for (const auto& unit : sent_fragment_->units)
      parts.emplace_back(asio::buffer(unit->data.data(), unit->data.size()));
    send(true, std::move(parts));
  }

  void send(bool is_binary, std::vector<asio::const_buffer> parts) {
    is_writing_ = true;
    socket_.binary(is_binary);
    socket_.async_write(parts,
                        [self = shared_from_this()](beast::error_code error, std::size_t bytes) {
                          self->is_writing_ = false;
                          self->context_->counts.sent_bytes += bytes;
                          if (error)
                            self->leave();
                          else
                            self->pump();
                        });
  }

  void say_end() {
    is_writing_ = true;
    text_ = fmt::format(R"({{"kind":"end","reason":"{}"}})", *end_reason_);
    socket_.text(true);
    socket_.async_write(asio::buffer(text_),
                        [self = shared_from_this()](beast::error_code error, std::size_t) {
                          if (error) {
                            self->leave();
                            return;
                          }
                          self->socket_.async_close(websocket::close_code::normal,
                                                    [self](beast::error_code) { self->leave(); });
                        });
  }

  websocket::stream<beast::tcp_stream> socket_;
  const http::request<http::empty_body> request_;
  const media_claims claims_;
  const std::shared_ptr<server_context> context_;
  asio::steady_timer grace_;
  beast::flat_buffer incoming_;
  std::shared_ptr<live_queue> queue_;
  std::string text_;
  live_init_ptr sent_init_;
  live_fragment_ptr pending_fragment_;
  live_fragment_ptr sent_fragment_;
  std::optional<std::string> end_reason_;
  bool is_open_ = false;
  bool is_writing_ = false;
};

}  // namespace

void serve_live(beast::tcp_stream stream, http::request<http::empty_body> request,
                media_claims claims, std::shared_ptr<server_context> context) {
  std::make_shared<live_session>(std::move(stream), std::move(request), std::move(claims),
                                 std::move(context))
      ->run();
}

}  // namespace vigie::gateway::detail
