// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/rtsp_reply.hpp"

namespace vigie::simulators {

std::string* rtsp_reply::find(std::string_view name) {
  for (auto& [key, value] : headers)
    if (key == name) return &value;
  return nullptr;
}

void rtsp_reply::set(std::string_view name, std::string value) {
  if (std::string* here = find(name))
    *here = std::move(value);
  else
    headers.emplace_back(name, std::move(value));
}

void rtsp_reply::drop(std::string_view name) {
  std::erase_if(headers, [&](const auto& one) { return one.first == name; });
}

std::string rtsp_reply::text() const {
  std::string text = before + "RTSP/1.0 " + status + "\r\n";
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value + "\r\n");
  return text + "\r\n" + body;
}

}  // namespace vigie::simulators
