// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/child/plugin_sandbox.hpp"

#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "plugin_host/child_process.hpp"
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
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(select),
    SCMP_SYS(pselect6),
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
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(timerfd_create),
    SCMP_SYS(timerfd_settime),
    SCMP_SYS(shutdown),
    SCMP_SYS(getsockopt),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(ioctl),
    SCMP_SYS(prctl),
};
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

/// One filter while it is built. `ask` is what happens to an attempt: the centre judges it, or it
/// is refused.
struct filter_draft {
  scmp_filter_ctx filter;
  std::uint32_t ask;

  // Rules that this architecture or library does not have are no loss: what is not allowed is
  // refused.
  template <class... Conditions>
  void rule(std::uint32_t action, int call, Conditions... conditions) {
    const std::array<scmp_arg_cmp, sizeof...(Conditions)> list{conditions...};
    seccomp_rule_add_array(filter, action, call, list.size(), list.data());
  }
  /// Allows `call` when argument `which` is below 2^bits and not `but`: one rule for each bit in
  /// which it may differ. "Not equal" would let through what the kernel cuts down to an int.
  template <class... Conditions>
  void allow_all_but(int call, unsigned which, std::uint64_t but, unsigned bits,
                     Conditions... conditions) {
    for (unsigned bit = 0; bit < bits; ++bit) {
      const std::uint64_t one = 1ULL << bit;
      rule(SCMP_ACT_ALLOW, call, conditions...,
           scmp_arg_cmp{which, SCMP_CMP_MASKED_EQ, ~((1ULL << bits) - 1) | one, ~but & one});
    }
    rule(ask, call, conditions..., scmp_arg_cmp{which, SCMP_CMP_EQ, but, 0});
  }
};

constexpr unsigned descriptor_bits = 6;  // plugin_descriptors
static_assert(plugin_descriptors == 1U << descriptor_bits);

/// Its channel is descriptor 3 for life: it cannot be closed, nor something else put in its place.
/// On it alone may descriptors be sent (the sandbox's own, once).
void keep_channel(filter_draft& draft) {
  draft.allow_all_but(SCMP_SYS(close), 0, child_channel_fd, descriptor_bits);
  draft.allow_all_but(SCMP_SYS(dup2), 1, child_channel_fd, descriptor_bits);
  draft.allow_all_but(SCMP_SYS(dup3), 1, child_channel_fd, descriptor_bits);
  draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(sendmsg), SCMP_A0(SCMP_CMP_EQ, child_channel_fd));
}

/// Threads, not processes; the C library falls back from clone3 to clone, whose flags show. The
/// centre counts the threads.
void thread_rules(filter_draft& draft, bool audit) {
  draft.rule(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));
  draft.rule(audit ? SCMP_ACT_NOTIFY : SCMP_ACT_ALLOW, SCMP_SYS(clone),
             SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  draft.rule(draft.ask, SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
  const auto self = static_cast<scmp_datum_t>(::getpid());
  draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, self));
  draft.rule(draft.ask, SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_NE, self));
}

void option_rules(filter_draft& draft) {
  const auto level = [](scmp_datum_t number) { return SCMP_A1(SCMP_CMP_EQ, number); };
  // A socket that lingers can hold up whoever closes it last, and that may be the centre.
  draft.allow_all_but(SCMP_SYS(setsockopt), 2, SO_LINGER, 7, level(SOL_SOCKET));
  draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(setsockopt), level(IPPROTO_TCP));
  draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(setsockopt), level(SOL_NETLINK));
  // A source route (RFC 791 §3.1) sends packets for a permitted address to somebody else.
  draft.allow_all_but(SCMP_SYS(setsockopt), 2, IP_OPTIONS, 7, level(IPPROTO_IP));
  for (const scmp_datum_t option :
       {IPV6_V6ONLY, IPV6_UNICAST_HOPS, IPV6_MULTICAST_IF, IPV6_MULTICAST_HOPS, IPV6_MULTICAST_LOOP,
        IPV6_JOIN_GROUP, IPV6_LEAVE_GROUP, IPV6_MTU_DISCOVER, IPV6_RECVERR, IPV6_RECVPKTINFO,
        IPV6_TCLASS})
    draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(setsockopt), level(IPPROTO_IPV6),
               SCMP_A2(SCMP_CMP_EQ, option));
  draft.rule(draft.ask, SCMP_SYS(setsockopt), level(IPPROTO_IPV6),
             SCMP_A2(SCMP_CMP_EQ, IPV6_RTHDR));
}

/// A datagram pair can send to any socket in the file system; the others cannot.
void pair_rules(filter_draft& draft) {
  const auto type = [](scmp_datum_t number) { return SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, number); };
  draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(socketpair), type(SOCK_STREAM));
  draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(socketpair), type(SOCK_SEQPACKET));
  draft.rule(draft.ask, SCMP_SYS(socketpair), type(SOCK_DGRAM));
}

/// With a network permission: TCP and UDP, and questions about the machine's own interfaces. Every
/// way to name an address is performed by the centre.
void network_rules(filter_draft& draft, bool audit) {
  const auto judged = audit ? SCMP_ACT_NOTIFY : SCMP_ACT_ALLOW;
  draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(bind));
  for (const scmp_datum_t family : {AF_INET, AF_INET6})
    for (const auto& [type, protocol] :
         {std::pair{SOCK_STREAM, 0}, std::pair{SOCK_STREAM, static_cast<int>(IPPROTO_TCP)},
          std::pair{SOCK_DGRAM, 0}, std::pair{SOCK_DGRAM, static_cast<int>(IPPROTO_UDP)}})
      draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, family),
                 SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, static_cast<scmp_datum_t>(type)),
                 SCMP_A2(SCMP_CMP_EQ, static_cast<scmp_datum_t>(protocol)));
  draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, AF_NETLINK),
             SCMP_A2(SCMP_CMP_EQ, NETLINK_ROUTE));
  draft.rule(judged, SCMP_SYS(connect));
  draft.rule(judged, SCMP_SYS(sendto), SCMP_A4(SCMP_CMP_NE, 0));
  for (const scmp_datum_t other : {0, 1, 2})
    draft.rule(judged, SCMP_SYS(sendmsg), SCMP_A0(SCMP_CMP_EQ, other));
  draft.rule(judged, SCMP_SYS(sendmsg), SCMP_A0(SCMP_CMP_GT, child_channel_fd));
  draft.rule(judged, SCMP_SYS(sendmmsg));
}

/// Without one there is nothing but pairs to send on.
void no_network_rules(filter_draft& draft) {
  for (const int call : {SCMP_SYS(socket), SCMP_SYS(connect)}) draft.rule(draft.ask, call);
  draft.rule(draft.ask, SCMP_SYS(sendto), SCMP_A4(SCMP_CMP_NE, 0));
  draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(sendmsg), SCMP_A0(SCMP_CMP_GT, child_channel_fd));
}

/// Builds and loads the filter; `audit` asks the centre about audited calls.
bool load_filter(const start_order& order, bool audit, int& audit_descriptor) {
  filter_draft draft{seccomp_init(SCMP_ACT_ERRNO(EPERM)),
                     audit ? SCMP_ACT_NOTIFY : SCMP_ACT_ERRNO(EACCES)};
  if (draft.filter == nullptr) return false;
  for (const int call : allowed_calls) draft.rule(SCMP_ACT_ALLOW, call);
  for (const int call : audited_calls) {
    const bool opens = call == SCMP_SYS(open) || call == SCMP_SYS(openat);
    if (audit)
      draft.rule(SCMP_ACT_NOTIFY, call);
    else if (opens)
      draft.rule(SCMP_ACT_ALLOW, call);
  }
  keep_channel(draft);
  thread_rules(draft, audit);
  option_rules(draft);
  pair_rules(draft);
  // Asking for limits, not setting them.
  draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0));
  // Sending on a connection; with an address it is a way out.
  draft.rule(SCMP_ACT_ALLOW, SCMP_SYS(sendto), SCMP_A4(SCMP_CMP_EQ, 0));
  if (order.may_use_network)
    network_rules(draft, audit);
  else
    no_network_rules(draft);
  const bool loaded = seccomp_load(draft.filter) == 0;
  if (loaded && audit) audit_descriptor = seccomp_notify_fd(draft.filter);
  seccomp_release(draft.filter);
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
