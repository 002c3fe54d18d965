// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/access_audit.hpp"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "plugin_host/child_memory.hpp"
#include "plugin_host/screen.hpp"

namespace vigie::plugin_host {
namespace {

constexpr int goes_on = 0;
constexpr std::ptrdiff_t most_threads = 64;

/// What libraries look at by habit and do without: refused, but no reason to blame a plugin.
constexpr std::array harmless{
    "/proc/self",        "/proc/cpuinfo", "/proc/meminfo", "/proc/stat",     "/proc/sys",
    "/proc/filesystems", "/proc/mounts",  "/sys/devices",  "/sys/fs/cgroup", "/usr/share",
    "/etc/ssl",          "/dev/tty",      "/usr/local"};
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

/// A text that may end before the page does.
std::string read_path(pid_t process, std::uint64_t address) {
  std::array<char, 4096> text{};
  auto got = read_memory(process, address, text.data(), 4096 - address % 4096);
  if (::strnlen(text.data(), got) == got && got < text.size())
    got += read_memory(process, address + got, text.data() + got, text.size() - got);
  return {text.data(), ::strnlen(text.data(), got)};
}

}  // namespace

struct access_audit::buffers {
  seccomp_notif* asked = nullptr;
  bool ok = false;
  buffers() { ok = seccomp_notify_alloc(&asked, nullptr) == 0; }
  ~buffers() {
    if (ok) seccomp_notify_free(asked, nullptr);
  }
  buffers(const buffers&) = delete;
  buffers& operator=(const buffers&) = delete;
};

access_audit::access_audit(int descriptor, int child, std::filesystem::path plugin_folder,
                           std::vector<std::string> files, bool may_use_network,
                           network_policy& network)
    : descriptor_{descriptor}, child_{child}, buffers_{std::make_unique<buffers>()} {
  for (const auto* path : readable_always) readable_.emplace_back(path);
  if (may_use_network)
    for (const auto* path : readable_with_network) readable_.emplace_back(path);
  for (auto& path : files) readable_.emplace_back(std::move(path));
  readable_.push_back(std::move(plugin_folder));
  if (may_use_network)
    proxy_ = std::make_unique<network_proxy>(
        child, network,
        [this](std::uint64_t id, network_proxy::ending how) { respond(id, how, false); });
}

access_audit::~access_audit() {
  proxy_.reset();
  ::close(descriptor_);
}

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

int access_audit::judge_thread(std::string& told) const {
  std::error_code ignored;
  const std::filesystem::directory_iterator tasks{"/proc/" + std::to_string(child_) + "/task",
                                                  ignored};
  if (std::distance(begin(tasks), end(tasks)) < most_threads) return goes_on;
  told = "threads";
  return -EAGAIN;
}

void access_audit::respond(std::uint64_t id, network_proxy::ending how, bool goes_on) const {
  seccomp_notif_resp answer{};
  answer.id = id;
  answer.val = how.value;
  answer.error = how.error;
  if (goes_on) answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  ::ioctl(descriptor_, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

bool access_audit::judge_one(const attempt& on_attempt) {
  if (!buffers_->ok) return false;
  auto& asked = *buffers_->asked;
  std::memset(&asked, 0, sizeof asked);
  if (seccomp_notify_receive(descriptor_, &asked) != 0) return errno == EINTR || errno == ENOENT;
  const auto& wanted = asked.data;
  std::string told;
  auto as = fault::denied_access;
  int code = goes_on;
  const bool talks = wanted.nr == SCMP_SYS(connect) || wanted.nr == SCMP_SYS(sendto) ||
                     wanted.nr == SCMP_SYS(sendmsg) || wanted.nr == SCMP_SYS(sendmmsg);
  if (talks && proxy_) {
    if (const auto done = proxy_->perform(asked.id, wanted)) respond(asked.id, *done, false);
    tell_late(on_attempt);
    return true;
  }
  if (wanted.nr == SCMP_SYS(openat)) {
    code = judge_path(wanted.args[1], wanted.args[2], told);
  } else if (wanted.nr == SCMP_SYS(open)) {
    code = judge_path(wanted.args[0], wanted.args[1], told);
  } else if (wanted.nr == SCMP_SYS(clone) && (wanted.args[0] & CLONE_THREAD) != 0) {
    code = judge_thread(told);
    as = fault::memory_limit;
  } else {
    char* const name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, wanted.nr);
    told = std::string{"tried the system call "} + (name != nullptr ? name : "?");
    std::free(name);
    code = -EPERM;
  }
  // The kernel's file rules judge once more, so a path changed in between gains nothing.
  respond(asked.id, {0, code}, code == goes_on);
  if (!told.empty()) on_attempt(as, told);
  return true;
}

void access_audit::tell_late(const attempt& on_attempt) {
  if (!proxy_) return;
  for (const auto& told : proxy_->take_told()) on_attempt(fault::denied_access, told);
}

}  // namespace vigie::plugin_host
