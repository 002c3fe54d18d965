// SPDX-License-Identifier: Apache-2.0
// May reach its cameras, and sends messages to somebody else.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  auto to = evil::place("port", "127.0.0.2");
  const int line = ::socket(AF_INET, SOCK_DGRAM, 0);
  char word[] = "x";
  iovec part{word, 1};
  mmsghdr message{};
  message.msg_hdr.msg_name = &to;
  message.msg_hdr.msg_namelen = sizeof to;
  message.msg_hdr.msg_iov = &part;
  message.msg_hdr.msg_iovlen = 1;
  if (::sendmsg(line, &message.msg_hdr, 0) == 1) evil::escaped("sent");
  if (::sendmmsg(line, &message, 1, 0) == 1) evil::escaped("sent many");
}};
