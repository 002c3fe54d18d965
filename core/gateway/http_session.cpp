// SPDX-License-Identifier: Apache-2.0
#include "gateway/detail/http_session.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <optional>
#include <vector>

#include "gateway/answer.hpp"
#include "gateway/detail/live_session.hpp"

namespace vigie::gateway::detail {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::size_t file_chunk_bytes = 128u << 10;
constexpr std::size_t most_drained_bytes = 256u << 10;
constexpr std::chrono::seconds drain_time{2};

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// A file open for reading.
class input_file {
 public:
  explicit input_file(const std::filesystem::path& path)
      : descriptor_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {}
  ~input_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  input_file(const input_file&) = delete;
  input_file& operator=(const input_file&) = delete;
  bool is_open() const { return descriptor_ >= 0; }
  std::size_t read(std::uint64_t offset, std::vector<char>& into, std::size_t most) const {
    into.resize(most);
    const auto got = ::pread(descriptor_, into.data(), most, static_cast<off_t>(offset));
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }

 private:
  int descriptor_;
};

class http_session final : public connection, public std::enable_shared_from_this<http_session> {
 public:
  http_session(asio::ip::tcp::socket socket, std::shared_ptr<server_context> context)
      : stream_{std::move(socket)},
        context_{std::move(context)},
        buffer_{context_->options.header_bytes * 2} {
    context_->open.insert(this);
    ++context_->counts.connections;
  }

  ~http_session() override {
    context_->open.erase(this);
    --context_->counts.connections;
  }

  void read_request() {
    answer_ = {};
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(context_->options.header_bytes));
    parser_->body_limit(0);
    stream_.expires_after(is_first_ ? context_->options.header_timeout
                                    : context_->options.idle_timeout);
    is_first_ = false;
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](beast::error_code error, std::size_t) {
                              self->on_request(error);
                            });
  }

  const media_claims* media() const override { return answer_.media ? &*answer_.media : nullptr; }
  void end(std::string_view) override { cut(); }
  void cut() override { stream_.close(); }

 private:
  void on_request(beast::error_code error) {
    auto& counts = context_->counts;
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
      refuse_and_close(refusal(431, "header_too_large", "the request head is too large"));
      return;
    }
    if (error == http::error::body_limit) {
      refuse_and_close(refusal(413, "no_body_expected", "requests here carry no body"));
      return;
    }
    if (error && error.category() == http::make_error_code(http::error::bad_target).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message) {
      refuse_and_close(refusal(400, "bad_request", "this is not HTTP as we know it"));
      return;
    }
    if (error) return;  // gone, or timed out: nobody to talk to
    ++counts.requests;
    const auto& request = parser_->get();
    if (parser_->chunked()) {
      refuse_and_close(refusal(413, "no_body_expected", "requests here carry no body"));
      return;
    }
    request_head head;
    head.method = view(request.method_string());
    head.target = view(request.target());
    head.host = view(request[http::field::host]);
    head.range = view(request[http::field::range]);
    head.if_range = view(request[http::field::if_range]);
    head.if_none_match = view(request[http::field::if_none_match]);
    head.is_websocket = beast::websocket::is_upgrade(request);
    answer_ = decide(head, context_->options, context_->ports, context_->mint);

    if (answer_.is_live) {
      serve_live(std::move(stream_), parser_->release(), std::move(*answer_.media), context_);
      answer_.media.reset();
      return;
    }
    if (answer_.status == 403)
      ++counts.refused_tokens;
    else if (answer_.status >= 400 && answer_.status < 500)
      ++counts.bad_requests;
    send_head(request.keep_alive(), request.method() == http::verb::head, request.version());
  }

  void refuse_and_close(answer refused) {
    ++context_->counts.bad_requests;
    answer_ = std::move(refused);
    send_head(false, false, 11);
  }

  void send_head(bool keeps_alive, bool is_head, unsigned version) {
    if (answer_.file && !is_head) {
      file_.emplace(answer_.file->path);
      if (!file_->is_open()) answer_ = refusal(404, "not_found", "the file is gone");
    }
    head_.emplace();
    head_->version(version);
    head_->result(answer_.status);
    head_->set(http::field::server, "Vigie");
    for (const auto& [name, value] : context_->security) head_->set(name, value);
    for (const auto& [name, value] : answer_.headers) head_->set(name, value);
    head_->keep_alive(keeps_alive);
    if (answer_.status != 304)
      head_->content_length(answer_.file ? answer_.file->length : answer_.body.size());
    keeps_alive_ = keeps_alive;
    sends_body_ = !is_head && answer_.status != 304;

    serializer_.emplace(*head_);
    stream_.expires_after(context_->options.idle_timeout);
    http::async_write_header(stream_, *serializer_,
                             [self = shared_from_this()](beast::error_code error, std::size_t) {
                               if (error) return;
                               self->send_body();
                             });
  }

  void send_body() {
    if (!sends_body_) {
      finish();
    } else if (answer_.file) {
      send_chunk();
    } else {
      asio::async_write(stream_, asio::buffer(answer_.body),
                        [self = shared_from_this()](beast::error_code error, std::size_t) {
                          if (!error) self->finish();
                        });
    }
  }

  void send_chunk() {
    auto& part = *answer_.file;
    if (part.length == 0) {
      file_.reset();
      finish();
      return;
    }
    const auto most =
        static_cast<std::size_t>(std::min<std::uint64_t>(part.length, file_chunk_bytes));
    const auto got = file_->read(part.offset, chunk_, most);
    if (got == 0) {  // expired or truncated under us: the length we promised cannot be kept
      cut();
      return;
    }
    part.offset += got;
    part.length -= got;
    stream_.expires_after(context_->options.idle_timeout);
    asio::async_write(stream_, asio::buffer(chunk_.data(), got),
                      [self = shared_from_this()](beast::error_code error, std::size_t bytes) {
                        if (self->answer_.media) self->context_->counts.sent_bytes += bytes;
                        if (!error) self->send_chunk();
                      });
  }

  void finish() {
    answer_.media.reset();
    if (keeps_alive_) {
      read_request();
      return;
    }
    // Closing with bytes unread would reset the connection and could take our answer with it.
    beast::error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    stream_.expires_after(drain_time);
    drain(0);
  }

  void drain(std::size_t so_far) {
    if (so_far > most_drained_bytes) return;
    chunk_.resize(4096);
    stream_.async_read_some(asio::buffer(chunk_), [self = shared_from_this(), so_far](
                                                      beast::error_code error, std::size_t bytes) {
      if (!error) self->drain(so_far + bytes);
    });
  }

  beast::tcp_stream stream_;
  const std::shared_ptr<server_context> context_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::empty_body>> parser_;
  std::optional<http::response<http::empty_body>> head_;
  std::optional<http::response_serializer<http::empty_body>> serializer_;
  answer answer_;
  std::optional<input_file> file_;
  std::vector<char> chunk_;
  bool is_first_ = true;
  bool keeps_alive_ = false;
  bool sends_body_ = false;
};

}  // namespace

void serve_http(asio::ip::tcp::socket socket, std::shared_ptr<server_context> context) {
  std::make_shared<http_session>(std::move(socket), std::move(context))->read_request();
}

}  // namespace vigie::gateway::detail
