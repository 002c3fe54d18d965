// SPDX-License-Identifier: Apache-2.0
#include "bus/child_process.hpp"

// glibc 2.36 forgot the C linkage in this header.
extern "C" {
#include <sys/pidfd.h>
}

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace vigie::bus {
namespace {

/// Runs in the child between fork and exec: only calls that are safe in a copy of a threaded
/// process.
[[noreturn]] void become(const char* const* arguments, int output, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // we died before the line above
  setpgid(0, 0);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  close_range(STDERR_FILENO + 1, ~0U, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGPIPE, SIG_DFL);
  execv(arguments[0], const_cast<char* const*>(arguments));
  _exit(127);
}

}  // namespace

owned_fd::~owned_fd() {
  if (fd_ >= 0) close(fd_);
}

result<child_process> child_process::spawn(const std::vector<std::string>& command) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    return fail(errc::child_failed, fmt::format("pipe: {}", std::strerror(errno)));
  owned_fd output{ends[0]};
  const owned_fd input{ends[1]};
  std::vector<const char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& word : command) arguments.push_back(word.c_str());
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t id = fork();
  if (id < 0) return fail(errc::child_failed, fmt::format("fork: {}", std::strerror(errno)));
  if (id == 0) become(arguments.data(), input.get(), parent);
  child_process child{id, owned_fd{pidfd_open(id, 0)}, std::move(output)};
  if (!child.exit_) {
    kill(id, SIGKILL);
    waitpid(id, nullptr, 0);
    return fail(errc::child_failed, fmt::format("pidfd_open: {}", std::strerror(errno)));
  }
  return child;
}

child_process::~child_process() {
  if (!exit_) return;
  signal(SIGKILL);
  waitpid(id_, nullptr, 0);
}

void child_process::signal(int number) noexcept {
  if (exit_) pidfd_send_signal(exit_.get(), number, nullptr, 0);
}

std::optional<std::string> child_process::reap(std::chrono::milliseconds wait) {
  if (!exit_) return "reaped before";
  pollfd ended{exit_.get(), POLLIN, 0};
  const auto deadline = std::chrono::steady_clock::now() + wait;
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    const int ready = poll(&ended, 1, std::max(0, static_cast<int>(left.count())));
    if (ready > 0) break;
    if (ready == 0 || errno != EINTR) return std::nullopt;
  }
  int status = 0;
  waitpid(id_, &status, 0);
  exit_ = owned_fd{};
  return WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                             : fmt::format("exit status {}", WEXITSTATUS(status));
}

std::optional<std::string> find_program(const std::string& name) {
  const auto is_program = [](const std::string& path) { return access(path.c_str(), X_OK) == 0; };
  if (name.find('/') != std::string::npos)
    return is_program(name) ? std::optional{name} : std::nullopt;
  const char* path = std::getenv("PATH");
  std::istringstream folders{std::string{path != nullptr ? path : ""} +
                             ":/usr/local/sbin:/usr/sbin:/usr/local/bin:/usr/bin"};
  for (std::string folder; std::getline(folders, folder, ':');)
    if (auto candidate = folder + "/" + name; !folder.empty() && is_program(candidate))
      return candidate;
  return std::nullopt;
}

}  // namespace vigie::bus
