// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/call_watch.hpp"

#include <sys/syscall.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace vigie::plugin_host {
namespace {

/// Does a thread in this system call wait for a peer? `text` is /proc/…/syscall (proc(5)): a number
/// and six arguments in hex, or "running".
bool is_network_wait(const std::string& text, int channel) {
  std::istringstream words{text};
  long call = -1;
  std::uint64_t first = 0, second = 0;
  if (!(words >> call >> std::hex >> first >> second)) return false;
  switch (call) {
    case SYS_connect:
    case SYS_sendto:
    case SYS_sendmsg:
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
      return true;
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_recvmmsg:
    case SYS_read:
    case SYS_readv:
    case SYS_write:
    case SYS_writev:
      return first != static_cast<std::uint64_t>(channel);
    case SYS_poll:
    case SYS_ppoll:
      return second > 0;
    case SYS_select:
    case SYS_pselect6:
      return first > 0;
    default:
      return false;
  }
}

std::string line_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::string line;
  std::getline(in, line);
  return line;
}

}  // namespace

process_sample sample_process(int process, int channel) {
  process_sample sample;
  const auto tasks = "/proc/" + std::to_string(process) + "/task";
  const auto serving = std::filesystem::path{tasks} / std::to_string(process);
  std::istringstream{line_of(serving / "schedstat")} >> sample.cpu_ns;
  const auto stat = line_of(serving / "stat");
  const auto name_end = stat.rfind(')');
  sample.is_asleep = name_end != std::string::npos && stat.compare(name_end, 4, ") S ") == 0;
  std::error_code ignored;
  for (std::filesystem::directory_iterator task{tasks, ignored}, end; task != end;
       task.increment(ignored))
    if (is_network_wait(line_of(task->path() / "syscall"), channel)) sample.waits_on_network = true;
  return sample;
}

void call_watch::begin(mono_ns now, const process_sample& sample,
                       std::chrono::nanoseconds most_computing) noexcept {
  most_computing_ = to_ns(most_computing);
  cpu_at_begin_ = sample.cpu_ns;
  awake_ = now;
}

const char* call_watch::judge(mono_ns now, const process_sample& sample) noexcept {
  if (sample.cpu_ns - cpu_at_begin_ >= most_computing_) return "computes without end";
  if (!sample.is_asleep || (may_use_network_ && sample.waits_on_network)) awake_ = now;
  if (now - awake_ >= most_asleep_) return "sleeps";
  return nullptr;
}

}  // namespace vigie::plugin_host
