// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/session_account.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "base/time_text.hpp"

namespace vigie::simulators {

result<std::unique_ptr<session_log>> session_log::create(const std::string& file) {
  std::FILE* opened = std::fopen(file.c_str(), "we");
  if (opened == nullptr)
    return fail(errc::io_failed, fmt::format("cannot write {}: {}", file, std::strerror(errno)));
  return std::unique_ptr<session_log>{new session_log{opened}};
}

void session_log::add(std::string_view camera, const session_account& ended, bool torn_down,
                      utc_us now) {
  const std::string line = fmt::format(
      R"({{"camera":"{}","session":{},"began":"{}","ended":"{}","frames":{},"first_frame":{},)"
      R"("last_frame":{},"dropped":{},"torn_down":{}}})"
      "\n",
      camera, ended.number, to_rfc3339(ended.began), to_rfc3339(now), ended.frames,
      ended.first_frame, ended.last_frame, ended.dropped, torn_down);
  std::fwrite(line.data(), 1, line.size(), file_.get());
}

}  // namespace vigie::simulators
