// SPDX-License-Identifier: Apache-2.0
#include "addresses.hpp"

#include <curl/curl.h>

#include <memory>

namespace vigie::onvif {

namespace {

class url {
 public:
  url() : handle_{curl_url()} {}
  bool parse(std::string_view text) {
    return handle_ && curl_url_set(handle_.get(), CURLUPART_URL, std::string{text}.c_str(),
                                   CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
  }
  /// Empty when the URL has no such part.
  std::string get(CURLUPart part) const {
    char* text = nullptr;
    if (curl_url_get(handle_.get(), part, &text, 0) != CURLUE_OK) return {};
    const std::string copy{text};
    curl_free(text);
    return copy;
  }
  void set(CURLUPart part, const std::string& value) {
    curl_url_set(handle_.get(), part, value.empty() ? nullptr : value.c_str(), 0);
  }
  bool has_credentials() const {
    return !get(CURLUPART_USER).empty() || !get(CURLUPART_PASSWORD).empty();
  }
  bool is_http() const {
    const std::string scheme = get(CURLUPART_SCHEME);
    return scheme == "http" || scheme == "https";
  }
  void forget_credentials() {
    set(CURLUPART_USER, "");
    set(CURLUPART_PASSWORD, "");
    set(CURLUPART_OPTIONS, "");
  }

 private:
  struct closer {
    void operator()(CURLU* u) const { curl_url_cleanup(u); }
  };
  std::unique_ptr<CURLU, closer> handle_;
};

}  // namespace

outcome<std::string> device_service(std::string_view address) {
  url u;
  if (!u.parse(address) || !u.is_http() || u.get(CURLUPART_HOST).empty())
    return failed(VIGIE_E_INVALID, "the address must be http:// or https:// and a host");
  if (u.has_credentials())
    return failed(VIGIE_E_INVALID, "credentials do not belong into the address");
  if (u.get(CURLUPART_PATH).size() <= 1) u.set(CURLUPART_PATH, "/onvif/device_service");
  return u.get(CURLUPART_URL);
}

outcome<std::string> on_device_host(std::string_view told, std::string_view device_service,
                                    bool follow_foreign_host) {
  url there, device;
  if (!there.parse(told) || !there.is_http() || !device.parse(device_service))
    return failed(VIGIE_E_IO, "the device tells a service address that is none");
  there.forget_credentials();
  const bool is_foreign = there.get(CURLUPART_HOST) != device.get(CURLUPART_HOST);
  const bool is_downgrade =
      device.get(CURLUPART_SCHEME) == "https" && there.get(CURLUPART_SCHEME) == "http";
  if ((is_foreign && !follow_foreign_host) || is_downgrade) {
    there.set(CURLUPART_SCHEME, device.get(CURLUPART_SCHEME));
    there.set(CURLUPART_HOST, device.get(CURLUPART_HOST));
    there.set(CURLUPART_PORT, device.get(CURLUPART_PORT));
  }
  return there.get(CURLUPART_URL);
}

outcome<std::string> stream_on_device_host(std::string_view told, std::string_view device_service,
                                           bool follow_foreign_host) {
  url there, device;
  const bool is_url = there.parse(told) && device.parse(device_service);
  const std::string scheme = is_url ? there.get(CURLUPART_SCHEME) : "";
  if (scheme != "rtsp" && scheme != "rtsps")
    return failed(VIGIE_E_IO, "the device tells a stream address that is none");
  there.forget_credentials();
  if (!follow_foreign_host) there.set(CURLUPART_HOST, device.get(CURLUPART_HOST));
  std::string text = there.get(CURLUPART_URL);
  if (text.empty() || text.size() >= sizeof(vigie_stream_t::url))
    return failed(VIGIE_E_IO, "the device tells a stream address that is too long");
  return text;
}

}  // namespace vigie::onvif
