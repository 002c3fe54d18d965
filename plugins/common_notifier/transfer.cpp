// SPDX-License-Identifier: Apache-2.0
#include "common_notifier/transfer.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "common_notifier/curl_internal.hpp"

namespace vigie::notifier {

namespace {

constexpr std::size_t longest_answer_bytes = 64 * 1024;
// libcurl looks at the progress function once a second; its own deadline stands behind that.
constexpr std::chrono::milliseconds grace{1500};

// How OpenSSL words a peer that refuses our certificate. With TLS 1.3 this comes after the
// handshake, as a read error, so the code alone does not tell.
bool is_refused_certificate(std::string_view detail) {
  constexpr std::array words{"alert certificate", "alert bad certificate", "alert unknown ca",
                             "alert handshake failure", "alert access denied"};
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return detail.find(word) != std::string_view::npos;
  });
}

vigie_status_t status_of_transfer(int code, std::string_view detail) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_ABORTED_BY_CALLBACK:
      return VIGIE_E_TIMEOUT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_LOGIN_DENIED:
    case CURLE_AUTH_ERROR:
      return VIGIE_E_AUTH;
    case CURLE_USE_SSL_FAILED:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return VIGIE_E_UNSUPPORTED;
    case CURLE_URL_MALFORMAT:
      return VIGIE_E_INVALID;
    default:
      return is_refused_certificate(detail) ? VIGIE_E_AUTH : VIGIE_E_IO;
  }
}

curl_blob blob_of(const std::string& text) {
  // Copied by libcurl (CURL_BLOB_COPY), which only takes a pointer to non-const.
  return {const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
}

}  // namespace

failure failure_of_transfer(int code, std::string_view detail) {
  const std::string_view text =
      detail.empty() ? curl_easy_strerror(static_cast<CURLcode>(code)) : detail;
  return {status_of_transfer(code, detail), clean_text(text.substr(0, 200))};
}

endpoint read_endpoint(config_reader& config, std::initializer_list<std::string_view> schemes,
                       bool needs_certificate) {
  endpoint to;
  to.url = config.required("url");
  to.address = config.optional("address");
  to.ca_pem = config.text_or_file("ca", needs_certificate);
  to.certificate_pem = config.text_or_file("certificate", needs_certificate);
  to.key_pem = config.text_or_file("key", needs_certificate);
  to.timeout = std::chrono::milliseconds{config.number("timeout_ms", 4000, 100, 60'000)};
  if (std::none_of(schemes.begin(), schemes.end(),
                   [&](std::string_view scheme) { return to.url.starts_with(scheme); }))
    config.refuse("url", fmt::format("must begin with {}", fmt::join(schemes, " or ")));
  if (to.url.find('@') != std::string::npos)
    config.refuse("url", "must not hold credentials nor any '@'");
  if (clean_text(to.url) != to.url || to.url.find(' ') != std::string::npos)
    config.refuse("url", "has blanks or control characters");
  if (to.certificate_pem.empty() != to.key_pem.empty())
    config.refuse("key", "comes with a certificate, and a certificate with its key");
  if (to.address.find_first_not_of("0123456789abcdefABCDEF.:") != std::string::npos)
    config.refuse("address", "must be a numeric address");
  return to;
}

curl_transfer::curl_transfer(const endpoint& to)
    : deadline_{std::chrono::steady_clock::now() + to.timeout}, handle_{curl_easy_init()} {
  if (handle_ == nullptr) throw std::bad_alloc{};
  set(CURLOPT_URL, to.url.c_str());
  set(CURLOPT_ERRORBUFFER, detail_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>((to.timeout + grace).count()));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(to.timeout.count()));
  set(CURLOPT_FRESH_CONNECT, 1L);
  set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_XFERINFOFUNCTION, &watch);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!to.address.empty()) {
    const bool is_v6 = to.address.find(':') != std::string::npos;
    use_list(CURLOPT_CONNECT_TO,
             {is_v6 ? fmt::format("::[{}]:", to.address) : fmt::format("::{}:", to.address)});
  }
  if (!to.ca_pem.empty()) {
    const curl_blob ca = blob_of(to.ca_pem);
    set(CURLOPT_CAINFO_BLOB, &ca);
  }
  if (!to.certificate_pem.empty()) {
    const curl_blob certificate = blob_of(to.certificate_pem);
    const curl_blob key = blob_of(to.key_pem);
    set(CURLOPT_SSLCERT_BLOB, &certificate);
    set(CURLOPT_SSLKEY_BLOB, &key);
    set(CURLOPT_SSLCERTTYPE, "PEM");
    set(CURLOPT_SSLKEYTYPE, "PEM");
  }
  set(CURLOPT_WRITEFUNCTION, &take);
  set(CURLOPT_WRITEDATA, this);
}

void curl_transfer::use_list(CURLoption option, const std::vector<std::string>& lines) {
  curl_slist* list = nullptr;
  for (const std::string& line : lines) list = curl_slist_append(list, line.c_str());
  lists_.emplace_back(list);
  set(option, list);
}

std::size_t curl_transfer::take(char* data, std::size_t, std::size_t bytes, void* self) {
  std::string& answer = static_cast<curl_transfer*>(self)->answer_;
  answer.append(data, std::min(bytes, longest_answer_bytes - answer.size()));
  return bytes;
}

curl_socket_t curl_transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  const int opened = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (opened >= 0) static_cast<curl_transfer*>(self)->sockets_.push_back(opened);
  return opened < 0 ? CURL_SOCKET_BAD : opened;
}

// At its own deadline libcurl 7.88 says QUIT to a mail relay and waits two minutes for the answer.
// The line is cut here first, so that there is nothing to wait for.
int curl_transfer::watch(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& transfer = *static_cast<curl_transfer*>(self);
  if (std::chrono::steady_clock::now() < transfer.deadline_) return 0;
  for (const curl_socket_t one : transfer.sockets_) ::shutdown(one, SHUT_RDWR);
  return 1;
}

result<void> curl_transfer::run() {
  const CURLcode code = curl_easy_perform(handle_.get());
  if (code == CURLE_OK) return {};
  return tl::unexpected{failure_of_transfer(code, detail_.data())};
}

long curl_transfer::peer_status() const {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

}  // namespace vigie::notifier
