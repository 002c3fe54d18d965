// SPDX-License-Identifier: Apache-2.0
// May reach its cameras, and does so in every way a library may choose; tells what did not work.
#include "evil.hpp"

namespace {

void need(bool holds, const char* what) {
  if (!holds) evil::say(std::string{"failed: "} + what + ", errno " + std::to_string(errno));
}

void call() {
  auto to = evil::place("port");
  char word[] = "polite";
  iovec part{word, 6};
  const int calls = ::socket(AF_INET, SOCK_STREAM, 0);
  need(::connect(calls, evil::as_address(to), sizeof to) == 0, "connect");
  need(::connect(calls, evil::as_address(to), sizeof to) < 0 && errno == EISCONN, "once more");
  msghdr stream{};
  stream.msg_iov = &part;
  stream.msg_iovlen = 1;
  need(::sendmsg(calls, &stream, MSG_NOSIGNAL) == 6, "sendmsg on a connection");

  const int hurries = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int begun = ::connect(hurries, evil::as_address(to), sizeof to);
  need(begun == 0 || errno == EINPROGRESS, "connect without waiting");
  pollfd ready{hurries, POLLOUT, 0};
  int error = -1;
  socklen_t length = sizeof error;
  need(::poll(&ready, 1, 5000) == 1, "poll");
  need(::getsockopt(hurries, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0, "SO_ERROR");

  const int nobody = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in closed = to;
  closed.sin_port = htons(1);
  need(::connect(nobody, evil::as_address(closed), sizeof closed) < 0 && errno == ECONNREFUSED,
       "a closed port");

  const int sends = ::socket(AF_INET, SOCK_DGRAM, 0);
  need(::sendto(sends, word, 6, 0, evil::as_address(to), sizeof to) == 6, "sendto");
  mmsghdr messages[2]{};
  for (auto& one : messages) {
    one.msg_hdr.msg_name = &to;
    one.msg_hdr.msg_namelen = sizeof to;
    one.msg_hdr.msg_iov = &part;
    one.msg_hdr.msg_iovlen = 1;
  }
  need(::sendmsg(sends, &messages[0].msg_hdr, 0) == 6, "sendmsg");
  need(::sendmmsg(sends, messages, 2, 0) >= 1 && messages[0].msg_len == 6, "sendmmsg");
  need(::connect(sends, evil::as_address(to), sizeof to) == 0, "connect of datagrams");
  need(::send(sends, word, 6, 0) == 6, "send");
  // A stream with no reader fills; a permitted wait is no hang (shorter than the call's deadline).
  timeval soon{1, 500'000};
  ::setsockopt(calls, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
  need(::recv(calls, word, 1, 0) < 0 && errno == EAGAIN, "waiting for a slow camera");
  for (const int one : {calls, hurries, nobody, sends}) ::close(one);
  evil::say("all tried");
}

}  // namespace

const evil::script evil::plan{.in_call = call};
