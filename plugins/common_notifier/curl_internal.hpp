// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "common_notifier/transfer.hpp"

namespace vigie::notifier {

/// One libcurl transfer, set up with what all channels share: TLS 1.2 or later with the peer
/// verified, no signals, no proxy, no redirects, the endpoint's deadline. Use once.
class curl_transfer {
 public:
  explicit curl_transfer(const endpoint& to);

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(handle_.get(), option, value);
  }
  /// Adds a line to the request's header or a recipient to a list; kept with the transfer.
  void use_list(CURLoption option, const std::vector<std::string>& lines);
  /// Runs it. Errors: as failure_of_transfer says.
  result<void> run();
  /// Last status of the peer's protocol: HTTP's or SMTP's; 0 when there was none.
  long peer_status() const;
  /// What came back, cut at 64 KiB.
  const std::string& answer() const { return answer_; }
  CURL* handle() { return handle_.get(); }

 private:
  struct easy_free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct list_free {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  static std::size_t take(char* data, std::size_t, std::size_t bytes, void* self);
  static int watch(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address);

  std::chrono::steady_clock::time_point deadline_;
  std::vector<curl_socket_t> sockets_;

  std::string answer_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  std::vector<std::unique_ptr<curl_slist, list_free>> lists_;
  std::unique_ptr<CURL, easy_free> handle_;
};

}  // namespace vigie::notifier
