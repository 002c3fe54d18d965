// SPDX-License-Identifier: Apache-2.0
// Hands the centre descriptors without end.
#include "evil.hpp"

const evil::script evil::plan{.in_call = [] {
  char word[] = "x";
  iovec part{word, 1};
  alignas(cmsghdr) char room[CMSG_SPACE(16 * sizeof(int))]{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = room;
  message.msg_controllen = sizeof room;
  auto* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(16 * sizeof(int));  // all of them descriptor 0
  for (int i = 0; i < 1000; ++i) ::sendmsg(3, &message, 0);
}};
