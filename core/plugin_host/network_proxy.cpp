// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/network_proxy.hpp"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <poll.h>
#include <seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "plugin_host/child_memory.hpp"

namespace vigie::plugin_host {
namespace {

constexpr std::size_t most_helpers = 32;
constexpr std::size_t most_parts = 64;
constexpr std::size_t most_bytes = 256 * 1024;  // a stream takes the rest with the next call
constexpr int harmless_flags = MSG_DONTWAIT | MSG_MORE | MSG_EOR | MSG_CONFIRM | MSG_NOSIGNAL;

/// A descriptor that is closed in the end.
class owned_descriptor {
 public:
  explicit owned_descriptor(int descriptor) noexcept : descriptor_{descriptor} {}
  owned_descriptor(owned_descriptor&& other) noexcept
      : descriptor_{std::exchange(other.descriptor_, -1)} {}
  owned_descriptor& operator=(owned_descriptor&&) = delete;
  ~owned_descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

int option_of(int socket, int option) {
  int value = 0;
  socklen_t length = sizeof value;
  return ::getsockopt(socket, SOL_SOCKET, option, &value, &length) == 0 ? value : -1;
}

}  // namespace

struct network_proxy::request {
  explicit request(int descriptor) : socket{descriptor} {}

  owned_descriptor socket;
  bool is_connect = false;
  bool has_address = false;
  sockaddr_storage address{};
  socklen_t length = 0;
  int flags = 0;
  std::vector<std::uint8_t> bytes;
  std::uint64_t count_goes_to = 0;  ///< sendmmsg: where the number of bytes is written
  bool waits = false;               ///< a blocking socket waits for room
};

network_proxy::network_proxy(int child, network_policy& network, respond_function respond)
    : child_{child},
      pid_descriptor_{static_cast<int>(::syscall(SYS_pidfd_open, child, 0))},
      network_{network},
      respond_{std::move(respond)} {}

network_proxy::~network_proxy() {
  stops_ = true;
  for (auto& one : helpers_) {
    // Wakes a connect in progress; again and again, because it may be about to begin.
    while (!one.is_over) {
      ::shutdown(one.socket, SHUT_RDWR);
      ::poll(nullptr, 0, 1);
    }
    one.thread.join();
    ::close(one.socket);
  }
  if (pid_descriptor_ >= 0) ::close(pid_descriptor_);
}

bool network_proxy::read_address(std::uint64_t address, std::uint64_t length, request& into) {
  if (length < sizeof(sa_family_t) || length > sizeof into.address) return false;
  into.has_address = true;
  into.length = static_cast<socklen_t>(length);
  return read_memory(child_, address, &into.address, length) == length;
}

bool network_proxy::read_message(std::uint64_t address, request& into, ending& refused) {
  msghdr head{};
  if (!read_value(child_, address, head)) return refused.error = -EFAULT, false;
  // Control data can carry descriptors and routes: neither is for a plugin.
  if (head.msg_controllen != 0 || head.msg_iovlen > most_parts)
    return refused.error = -EINVAL, false;
  if (head.msg_name != nullptr && head.msg_namelen > 0 &&
      !read_address(reinterpret_cast<std::uint64_t>(head.msg_name), head.msg_namelen, into))
    return refused.error = -EINVAL, false;
  std::array<iovec, most_parts> parts{};
  const auto size = head.msg_iovlen * sizeof(iovec);
  if (read_memory(child_, reinterpret_cast<std::uint64_t>(head.msg_iov), parts.data(), size) !=
      size)
    return refused.error = -EFAULT, false;
  for (std::size_t i = 0; i < head.msg_iovlen; ++i) {
    const auto had = into.bytes.size();
    const auto more = std::min(parts[i].iov_len, most_bytes - had);
    into.bytes.resize(had + more);
    if (read_memory(child_, reinterpret_cast<std::uint64_t>(parts[i].iov_base),
                    into.bytes.data() + had, more) != more)
      return refused.error = -EFAULT, false;
  }
  return true;
}

std::optional<network_proxy::request> network_proxy::read_request(const seccomp_data& call,
                                                                  ending& refused) {
  const auto* const args = call.args;
  // The kernel's arguments are ints: what is above their 32 bits does not count.
  request what{static_cast<int>(
      ::syscall(SYS_pidfd_getfd, pid_descriptor_, static_cast<int>(args[0] & 0xffffffff), 0))};
  if (what.socket.get() < 0) {
    refused.error = -errno;
    return std::nullopt;
  }
  refused.error = -EINVAL;
  if (call.nr == SCMP_SYS(connect)) {
    what.is_connect = true;
    if (!read_address(args[1], args[2] & 0xffffffff, what)) return std::nullopt;
  } else if (call.nr == SCMP_SYS(sendto)) {
    what.flags = static_cast<int>(args[3] & 0xffffffff);
    what.bytes.resize(std::min<std::uint64_t>(args[2], most_bytes));
    if (!read_address(args[4], args[5] & 0xffffffff, what)) return std::nullopt;
    if (read_memory(child_, args[1], what.bytes.data(), what.bytes.size()) != what.bytes.size())
      return std::nullopt;
  } else {
    const bool many = call.nr == SCMP_SYS(sendmmsg);
    what.flags = static_cast<int>(args[many ? 3 : 2] & 0xffffffff);
    // One of several is a correct answer; the caller goes on with the next.
    if (many && (args[2] & 0xffffffff) == 0) return std::nullopt;
    if (many) what.count_goes_to = args[1] + offsetof(mmsghdr, msg_len);
    if (!read_message(args[1], what, refused)) return std::nullopt;
  }
  if ((what.flags & ~harmless_flags) != 0 && (what.flags & MSG_FASTOPEN) != 0) {
    refused.error = -EOPNOTSUPP;
    return std::nullopt;
  }
  const bool may_wait =
      (what.flags & MSG_DONTWAIT) == 0 && (::fcntl(what.socket.get(), F_GETFL) & O_NONBLOCK) == 0;
  what.waits = may_wait && !what.is_connect;
  return what;
}

network_policy::answer network_proxy::judge(const request& what) {
  using enum network_policy::answer;
  if (!what.has_address) return yes;
  const auto family = option_of(what.socket.get(), SO_DOMAIN);
  if (family != AF_INET && family != AF_INET6 && family != AF_NETLINK) return no;
  return network_.judge(what.address);
}

network_proxy::ending network_proxy::refuse() {
  const std::lock_guard lock{mutex_};
  told_.emplace_back("tried to reach an address it has no permission for");
  return {0, -EACCES};
}

network_proxy::ending network_proxy::act(const request& what) {
  const auto* const address = reinterpret_cast<const sockaddr*>(&what.address);
  if (what.is_connect) {
    const auto done = ::connect(what.socket.get(), address, what.length);
    return done == 0 ? ending{} : ending{0, -errno};
  }
  const int flags = (what.flags & harmless_flags) | MSG_DONTWAIT | MSG_NOSIGNAL;
  while (true) {
    const auto sent =
        ::sendto(what.socket.get(), what.bytes.data(), what.bytes.size(), flags,
                 what.has_address ? address : nullptr, what.has_address ? what.length : 0);
    if (sent >= 0) {
      if (what.count_goes_to == 0) return {sent, 0};
      write_value(child_, what.count_goes_to, static_cast<unsigned>(sent));
      return {1, 0};
    }
    if (errno != EAGAIN || !what.waits || stops_) return {0, -errno};
    pollfd room{what.socket.get(), POLLOUT, 0};
    ::poll(&room, 1, 50);
  }
}

std::optional<network_proxy::ending> network_proxy::perform(std::uint64_t id,
                                                            const seccomp_data& call) {
  ending refused;
  auto what = read_request(call, refused);
  if (!what) return refused;
  const auto verdict = judge(*what);
  if (verdict == network_policy::answer::no) return refuse();
  const bool may_take_long =
      what->is_connect && option_of(what->socket.get(), SO_TYPE) == SOCK_STREAM;
  if (verdict == network_policy::answer::yes && !may_take_long) {
    // Never waits here: a full buffer is a helper's work.
    const bool waits = std::exchange(what->waits, false);
    const auto done = act(*what);
    if (done.error != -EAGAIN || !waits) return done;
    what->waits = true;
  }
  forget_finished();
  if (helpers_.size() >= most_helpers) return ending{0, -ENOBUFS};
  hand_to_helper(id, std::move(*what), verdict == network_policy::answer::yes);
  return std::nullopt;
}

void network_proxy::hand_to_helper(std::uint64_t id, request what, bool is_judged) {
  auto& one = helpers_.emplace_back();
  one.socket = ::fcntl(what.socket.get(), F_DUPFD_CLOEXEC, 3);
  one.thread = std::thread{[this, id, is_judged, &one, work = std::move(what)] {
    const auto done = is_judged || network_.allows(work.address, stops_) ? act(work) : refuse();
    if (!stops_) respond_(id, done);
    one.is_over = true;
  }};
}

void network_proxy::forget_finished() {
  helpers_.remove_if([](helper& one) {
    if (!one.is_over) return false;
    one.thread.join();
    ::close(one.socket);
    return true;
  });
}

std::vector<std::string> network_proxy::take_told() {
  forget_finished();
  const std::lock_guard lock{mutex_};
  return std::exchange(told_, {});
}

}  // namespace vigie::plugin_host
