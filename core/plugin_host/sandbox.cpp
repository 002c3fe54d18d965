// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/sandbox.hpp"

#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace vigie::plugin_host {
namespace {

/// What a decoder with worker threads needs: memory, threads, its channel, time. Nothing that
/// opens, connects, executes or inspects.
constexpr std::array allowed_calls{
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(clone),
    SCMP_SYS(clone3),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_setaffinity),
    SCMP_SYS(getcpu),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(tgkill),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(prctl),
    SCMP_SYS(getrandom),
    SCMP_SYS(sysinfo),
};

bool filter_system_calls() {
  scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (context == nullptr) return false;
  bool ok = true;
  for (const int call : allowed_calls)
    ok = ok && seccomp_rule_add(context, SCMP_ACT_ALLOW, call, 0) == 0;
  ok = ok && seccomp_load(context) == 0;
  seccomp_release(context);
  return ok;
}

bool limit(__rlimit_resource resource, rlim_t value) {
  const rlimit limits{value, value};
  return ::setrlimit(resource, &limits) == 0;
}

}  // namespace

std::uint32_t enter_sandbox(const sandbox_limits& limits) {
  std::uint32_t applied = 0;
  const pid_t parent = ::getppid();
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && parent == ::getppid()) applied |= dies_with_parent;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) applied |= no_new_privileges;
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWNS) == 0)
    applied |= empty_namespaces;
  if (limit(RLIMIT_AS, limits.address_space_bytes) && limit(RLIMIT_NOFILE, limits.descriptors) &&
      limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0))
    applied |= resource_limits;
  if (filter_system_calls()) applied |= system_call_filter;
  return applied;
}

std::string describe_layers(std::uint32_t bits) {
  constexpr std::array names{
      std::pair{dies_with_parent, "dies_with_parent"},
      std::pair{no_new_privileges, "no_new_privileges"},
      std::pair{resource_limits, "resource_limits"},
      std::pair{empty_namespaces, "empty_namespaces"},
      std::pair{system_call_filter, "system_call_filter"},
      std::pair{file_rules, "file_rules"},
      std::pair{call_audit, "call_audit"},
  };
  std::string text;
  for (const auto& [bit, name] : names)
    if ((bits & bit) != 0) text += (text.empty() ? "" : ", ") + std::string{name};
  return text.empty() ? "none" : text;
}

}  // namespace vigie::plugin_host
