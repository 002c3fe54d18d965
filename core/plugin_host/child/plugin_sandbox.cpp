// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/child/plugin_sandbox.hpp"

#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "plugin_host/sandbox.hpp"

namespace vigie::plugin_host::child {
namespace {

/// What a plugin's own work needs: memory, threads, its channel, time, reading what it may.
constexpr std::array allowed_calls{
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(recvmmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendmmsg),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),
    SCMP_SYS(getdents64),
    SCMP_SYS(lseek),
    SCMP_SYS(fcntl),
    SCMP_SYS(dup),
    SCMP_SYS(dup2),
    SCMP_SYS(dup3),
    SCMP_SYS(flock),
    SCMP_SYS(fadvise64),
    SCMP_SYS(mmap),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(mprotect),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(membarrier),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_setaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_get_priority_max),
    SCMP_SYS(sched_get_priority_min),
    SCMP_SYS(getcpu),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(set_tid_address),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigtimedwait),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(getrandom),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit),
    SCMP_SYS(arch_prctl),
    SCMP_SYS(eventfd2),
    SCMP_SYS(pipe2),
    SCMP_SYS(pipe),
    SCMP_SYS(socketpair),
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(timerfd_create),
    SCMP_SYS(timerfd_settime),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(ioctl),
    SCMP_SYS(prctl),
};
/// Only with a network permission; `connect` and addressed sending are judged one by one.
constexpr std::array network_calls{SCMP_SYS(bind)};
/// Judged by the centre when the kernel can ask it, so that an attempt becomes a named fault; else
/// simply refused (or, for the first two, left to the other layers).
constexpr std::array audited_calls{
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(chroot),
    SCMP_SYS(pivot_root),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(memfd_create),
    SCMP_SYS(openat2),
    SCMP_SYS(creat),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(symlink),
    SCMP_SYS(symlinkat),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chown),
    SCMP_SYS(truncate),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(reboot),
    SCMP_SYS(init_module),
    SCMP_SYS(acct),
    SCMP_SYS(setrlimit),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(open_by_handle_at),
};

/// Builds and loads the filter; `audit` asks the centre about audited calls.
bool load_filter(const start_order& order, bool audit, int& audit_descriptor) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  if (filter == nullptr) return false;
  const auto ask = audit ? SCMP_ACT_NOTIFY : SCMP_ACT_ERRNO(EACCES);
  // Rules of the list that this architecture or library does not have are no loss: what is not
  // allowed is refused.
  const auto rule = [&](std::uint32_t action, int call) {
    seccomp_rule_add(filter, action, call, 0);
  };
  for (const int call : allowed_calls) rule(SCMP_ACT_ALLOW, call);
  for (const int call : audited_calls) {
    const bool opens = call == SCMP_SYS(open) || call == SCMP_SYS(openat);
    if (audit)
      rule(SCMP_ACT_NOTIFY, call);
    else if (opens)
      rule(SCMP_ACT_ALLOW, call);
  }
  // Threads, not processes; the C library falls back from clone3 to clone, whose flags show.
  seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                   SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  seccomp_rule_add(filter, ask, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
  const auto self = static_cast<scmp_datum_t>(::getpid());
  seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, self));
  seccomp_rule_add(filter, ask, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_NE, self));
  // Asking for limits, not setting them.
  seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0));
  // Sending on a connection; with an address it is a way out.
  seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendto), 1, SCMP_A4(SCMP_CMP_EQ, 0));
  if (order.may_use_network) {
    for (const int call : network_calls) rule(SCMP_ACT_ALLOW, call);
    for (const scmp_datum_t family : {AF_INET, AF_INET6, AF_NETLINK})
      seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, family));
    const auto judged = audit ? SCMP_ACT_NOTIFY : SCMP_ACT_ALLOW;
    rule(judged, SCMP_SYS(connect));
    seccomp_rule_add(filter, judged, SCMP_SYS(sendto), 1, SCMP_A4(SCMP_CMP_NE, 0));
  } else {
    rule(ask, SCMP_SYS(socket));
    rule(ask, SCMP_SYS(connect));
  }
  const bool loaded = seccomp_load(filter) == 0;
  if (loaded && audit) audit_descriptor = seccomp_notify_fd(filter);
  seccomp_release(filter);
  return loaded;
}

bool limit(__rlimit_resource resource, rlim_t value) {
  const rlimit limits{value, value};
  return ::setrlimit(resource, &limits) == 0;
}

}  // namespace

entered_sandbox enter_plugin_sandbox(const start_order& order) {
  entered_sandbox entered;
  const pid_t parent = ::getppid();
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && parent == ::getppid())
    entered.layers |= dies_with_parent;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) entered.layers |= no_new_privileges;
  const int network = order.may_use_network ? 0 : CLONE_NEWNET;
  if (::unshare(CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWNS | network) == 0)
    entered.layers |= empty_namespaces;
  if (restrict_files(order)) entered.layers |= file_rules;
  if (limit(RLIMIT_AS, plugin_address_space_bytes) && limit(RLIMIT_NOFILE, plugin_descriptors) &&
      limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0))
    entered.layers |= resource_limits;
  // A kernel without user notification refuses the filter that asks for it.
  if (load_filter(order, true, entered.audit_descriptor) && entered.audit_descriptor >= 0)
    entered.layers |= system_call_filter | call_audit;
  else if (load_filter(order, false, entered.audit_descriptor))
    entered.layers |= system_call_filter;
  return entered;
}

}  // namespace vigie::plugin_host::child
