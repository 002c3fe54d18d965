// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "plugin_host/child/plugin_sandbox.hpp"

namespace vigie::plugin_host::child {
namespace {

constexpr std::uint64_t read_file = LANDLOCK_ACCESS_FS_READ_FILE;
constexpr std::uint64_t read_folder = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
/// Every right of Landlock's first version: what is handled and not granted is refused.
constexpr std::uint64_t handled = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

/// landlock_ruleset_attr as of Landlock 6 (Linux 6.12); the C library's headers may be older.
struct rules_attributes {
  std::uint64_t files = handled;
  std::uint64_t network = 0;
  std::uint64_t scoped = 0;
};
constexpr std::uint64_t tcp_bind_and_connect = 3;          // since Landlock 4
constexpr std::uint64_t abstract_sockets_and_signals = 3;  // since Landlock 6

/// What this kernel's Landlock can refuse besides files; the filter of system calls refuses it all
/// the same.
std::size_t fill(rules_attributes& attributes, bool may_use_network) {
  const auto version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 4) return sizeof attributes.files;
  if (!may_use_network) attributes.network = tcp_bind_and_connect;
  if (version < 6) return sizeof attributes - sizeof attributes.scoped;
  attributes.scoped = abstract_sockets_and_signals;
  return sizeof attributes;
}

bool allow(int rules, const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_PATH | O_CLOEXEC);
  if (descriptor < 0) return false;
  struct stat about {};
  const bool is_folder = ::fstat(descriptor, &about) == 0 && S_ISDIR(about.st_mode);
  landlock_path_beneath_attr rule{};
  rule.allowed_access = is_folder ? read_folder : read_file;
  rule.parent_fd = descriptor;
  const auto done = ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  ::close(descriptor);
  return done == 0;
}

}  // namespace

bool restrict_files(const start_order& order) {
  rules_attributes attributes;
  const auto size = fill(attributes, order.may_use_network);
  const auto rules = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, size, 0));
  if (rules < 0) return false;
  for (const auto* path : {"/usr/lib", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache",
                           "/etc/localtime", "/dev/null", "/dev/urandom"})
    allow(rules, path);
  if (order.may_use_network)
    for (const auto* path :
         {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf",
          "/etc/services", "/etc/protocols", "/etc/ssl/certs", "/etc/ssl/openssl.cnf",
          "/usr/share/ca-certificates"})
      allow(rules, path);
  allow(rules, std::filesystem::path{order.library}.parent_path().string());
  for (const auto& path : order.files) allow(rules, path);
  const bool done = ::syscall(SYS_landlock_restrict_self, rules, 0) == 0;
  ::close(rules);
  return done;
}

}  // namespace vigie::plugin_host::child
