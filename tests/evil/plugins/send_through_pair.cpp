// SPDX-License-Identifier: Apache-2.0
// Sends to a socket in the file system from one end of a pair.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  sockaddr_un to{AF_UNIX, {}};
  std::strncpy(to.sun_path, evil::setting("unix").c_str(), sizeof to.sun_path - 1);
  int pair[2] = {-1, -1};
  ::socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
  char word[] = "x";
  iovec part{word, 1};
  msghdr message{};
  message.msg_name = &to;
  message.msg_namelen = sizeof to;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (::sendmsg(pair[0], &message, 0) == 1) evil::escaped("sent");
}};
