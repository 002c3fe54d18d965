// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/wire.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace vigie::plugin_host::wire {
namespace {

constexpr std::size_t read_bytes = 256 * 1024;
constexpr std::size_t most_descriptors = 8;  // a peer that sends more is not ours

}  // namespace

channel::~channel() {
  for (const int descriptor : descriptors_) ::close(descriptor);
}

std::vector<std::uint8_t>& channel::chunk_for(int descriptor) {
  if (out_.empty() || descriptor >= 0) {
    out_.emplace_back();
    out_.back().descriptor = descriptor;
  }
  return out_.back().bytes;
}

void channel::seal(std::vector<std::uint8_t>& bytes, std::size_t at) {
  const auto size = static_cast<std::uint32_t>(bytes.size() - at - sizeof(std::uint32_t));
  std::memcpy(bytes.data() + at, &size, sizeof size);
}

std::size_t channel::waiting_bytes() const noexcept {
  std::size_t sum = 0;
  for (const auto& part : out_) sum += part.bytes.size() - part.sent;
  return sum;
}

io channel::flush() {
  while (!out_.empty()) {
    auto& first = out_.front();
    iovec part{first.bytes.data() + first.sent, first.bytes.size() - first.sent};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    if (first.descriptor >= 0 && first.sent == 0) {
      message.msg_control = control.data();
      message.msg_controllen = control.size();
      auto* const header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = SOL_SOCKET;
      header->cmsg_type = SCM_RIGHTS;
      header->cmsg_len = CMSG_LEN(sizeof(int));
      std::memcpy(CMSG_DATA(header), &first.descriptor, sizeof(int));
    }
    const auto sent = ::sendmsg(socket_, &message, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN ? io::again : io::closed;
    }
    first.sent += static_cast<std::size_t>(sent);
    if (first.sent == first.bytes.size()) out_.pop_front();
  }
  return io::done;
}

io channel::fill() {
  if (used_ > 0) {
    std::memmove(in_.data(), in_.data() + used_, filled_ - used_);
    filled_ -= used_;
    used_ = 0;
  }
  // Room is made once, and again when a long message needs more: not with every message.
  if (in_.size() - filled_ < read_bytes) in_.resize(filled_ + read_bytes);
  iovec part{in_.data() + filled_, read_bytes};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * most_descriptors)> control{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t got = 0;
  do {
    got = ::recvmsg(socket_, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got > 0) filled_ += static_cast<std::size_t>(got);
  if (got < 0) return errno == EAGAIN ? io::again : io::closed;
  for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const auto count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
      descriptors_.push_back(descriptor);
    }
  }
  if (got == 0 || descriptors_.size() > most_descriptors) return io::closed;
  return io::done;
}

taken channel::next_body(byte_view& body) {
  std::uint32_t size = 0;
  const byte_view left{in_.data() + used_, filled_ - used_};
  if (left.size() < sizeof size) return taken::none;
  std::memcpy(&size, left.data(), sizeof size);
  if (size == 0 || size > max_message_bytes) return taken::broken;
  if (left.size() - sizeof size < size) return taken::none;
  body = left.subspan(sizeof size, size);
  used_ += sizeof size + size;
  return taken::one;
}

int channel::take_descriptor() noexcept {
  if (descriptors_.empty()) return -1;
  const int descriptor = descriptors_.front();
  descriptors_.pop_front();
  return descriptor;
}

}  // namespace vigie::plugin_host::wire
