// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/access_audit.hpp"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "plugin_host/screen.hpp"

namespace vigie::plugin_host {
namespace {

constexpr int goes_on = 0;

/// What libraries look at by habit and do without: refused, but no reason to blame a plugin.
constexpr std::array harmless{"/proc/self", "/proc/cpuinfo", "/proc/meminfo",  "/proc/stat",
                              "/proc/sys",  "/sys/devices",  "/sys/fs/cgroup", "/usr/share",
                              "/etc/ssl",   "/dev/tty",      "/usr/local"};
/// Held by the kernel's file rules as well (child/file_rules.cpp).
constexpr std::array readable_always{
    "/usr/lib",       "/lib",      "/lib64",      "/etc/ld.so.cache", "/usr/share/zoneinfo",
    "/etc/localtime", "/dev/null", "/dev/urandom"};
constexpr std::array readable_with_network{
    "/etc/resolv.conf", "/etc/hosts",    "/etc/nsswitch.conf",
    "/etc/host.conf",   "/etc/gai.conf", "/etc/services",
    "/etc/protocols",   "/etc/ssl",      "/usr/share/ca-certificates"};

bool is_beneath(const std::filesystem::path& path, const std::filesystem::path& top) {
  return std::mismatch(top.begin(), top.end(), path.begin(), path.end()).first == top.end();
}

bool read_memory(pid_t process, std::uint64_t address, void* into, std::size_t size,
                 std::size_t& got) {
  iovec here{into, size};
  iovec there{reinterpret_cast<void*>(address), size};
  const auto read = ::process_vm_readv(process, &here, 1, &there, 1, 0);
  got = read > 0 ? static_cast<std::size_t>(read) : 0;
  return read > 0;
}

/// A text that may end before the page does.
std::string read_path(pid_t process, std::uint64_t address) {
  std::array<char, 4096> text{};
  std::size_t got = 0;
  const std::size_t to_page_end = 4096 - address % 4096;
  if (!read_memory(process, address, text.data(), to_page_end, got)) return {};
  if (::strnlen(text.data(), got) == got && got < text.size()) {
    std::size_t more = 0;
    read_memory(process, address + got, text.data() + got, text.size() - got, more);
    got += more;
  }
  return {text.data(), ::strnlen(text.data(), got)};
}

}  // namespace

struct access_audit::buffers {
  seccomp_notif* asked = nullptr;
  seccomp_notif_resp* answer = nullptr;
  bool ok = false;
  buffers() { ok = seccomp_notify_alloc(&asked, &answer) == 0; }
  ~buffers() {
    if (ok) seccomp_notify_free(asked, answer);
  }
  buffers(const buffers&) = delete;
  buffers& operator=(const buffers&) = delete;
};

access_audit::access_audit(int descriptor, int child, std::filesystem::path plugin_folder,
                           std::vector<std::string> files, bool may_use_network)
    : descriptor_{descriptor}, child_{child}, buffers_{std::make_unique<buffers>()} {
  for (const auto* path : readable_always) readable_.emplace_back(path);
  if (may_use_network)
    for (const auto* path : readable_with_network) readable_.emplace_back(path);
  for (auto& path : files) readable_.emplace_back(std::move(path));
  readable_.push_back(std::move(plugin_folder));
}

access_audit::~access_audit() { ::close(descriptor_); }

int access_audit::judge_path(std::uint64_t address, std::uint64_t flags, std::string& told) {
  const std::filesystem::path raw = read_path(child_, address);
  const auto path = raw.lexically_normal();
  if (path.empty()) return goes_on;  // the kernel refuses it itself
  const auto within = [&](const auto& top) { return is_beneath(path, top); };
  const bool writes = (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) != 0;
  if (path.is_absolute() && (!writes || path == "/dev/null") &&
      std::any_of(readable_.begin(), readable_.end(), within))
    return goes_on;
  std::error_code ignored;
  if (!writes && path.is_absolute() && !std::filesystem::exists(path, ignored)) return -ENOENT;
  if (writes || !std::any_of(harmless.begin(), harmless.end(), within))
    told = (writes ? "tried to write " : "tried to read ") + printable(path.string(), 200);
  return -EACCES;
}

int access_audit::judge_address(std::uint64_t address, std::uint64_t length,
                                network_policy& network, std::string& told) {
  sockaddr_storage to{};
  std::size_t got = 0;
  read_memory(child_, address, &to, std::min<std::uint64_t>(length, sizeof to), got);
  if (got >= sizeof(sa_family_t) && network.allows(to)) return goes_on;
  told = "tried to reach an address it has no permission for";
  return -EACCES;
}

bool access_audit::judge_one(network_policy& network, const attempt& on_attempt) {
  if (!buffers_->ok) return false;
  auto& asked = *buffers_->asked;
  auto& answer = *buffers_->answer;
  std::memset(&asked, 0, sizeof asked);
  if (seccomp_notify_receive(descriptor_, &asked) != 0) return errno == EINTR || errno == ENOENT;
  const auto& wanted = asked.data;
  std::string told;
  int code = goes_on;
  if (wanted.nr == SCMP_SYS(openat)) {
    code = judge_path(wanted.args[1], wanted.args[2], told);
  } else if (wanted.nr == SCMP_SYS(open)) {
    code = judge_path(wanted.args[0], wanted.args[1], told);
  } else if (wanted.nr == SCMP_SYS(connect)) {
    code = judge_address(wanted.args[1], wanted.args[2], network, told);
  } else if (wanted.nr == SCMP_SYS(sendto)) {
    code = judge_address(wanted.args[4], wanted.args[5], network, told);
  } else {
    char* const name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, wanted.nr);
    told = std::string{"tried the system call "} + (name != nullptr ? name : "?");
    std::free(name);
    code = -EPERM;
  }
  std::memset(&answer, 0, sizeof answer);
  answer.id = asked.id;
  answer.error = code;
  // The kernel's file rules judge once more, so a path changed in between gains nothing.
  if (code == goes_on) answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  seccomp_notify_respond(descriptor_, &answer);
  if (!told.empty()) on_attempt(told);
  return true;
}

}  // namespace vigie::plugin_host
