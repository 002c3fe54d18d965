// SPDX-License-Identifier: Apache-2.0
#include "farm_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

extern char** environ;

namespace vigie::test {

std::string sim_program() {
  const char* folder = std::getenv("VIGIE_BIN");
  if (folder != nullptr) return std::string{folder} + "/vigie-sim";
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  return self.parent_path().parent_path() / "bin" / "vigie-sim";
}

command_result run_command(const std::string& command) {
  command_result result;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return result;
  std::array<char, 4096> chunk;
  while (const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), pipe))
    result.output.append(chunk.data(), got);
  const int status = ::pclose(pipe);
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

farm_process::farm_process(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{sim_program(), "farm"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& one : words) argv.push_back(one.data());
  argv.push_back(nullptr);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  const int error = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string said;
  std::array<char, 512> chunk;
  pollfd waiting{ends[0], POLLIN, 0};
  while (error == 0 && said.find('\n') == std::string::npos && ::poll(&waiting, 1, 60'000) > 0) {
    const ssize_t got = ::read(ends[0], chunk.data(), chunk.size());
    if (got <= 0) break;
    said.append(chunk.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  if (said.rfind("ready", 0) != 0) throw std::runtime_error{"vigie-sim did not get ready: " + said};
}

farm_process::~farm_process() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  wait();
}

int farm_process::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

nlohmann::json ask_stats(const std::string& control) {
  return nlohmann::json::parse(run_command(sim_program() + " stats --control " + control).output);
}

bool order_fault(const std::string& control, const std::string& camera, const std::string& fault,
                 const std::string& seconds) {
  return run_command(sim_program() + " fault --control " + control + " --camera " + camera +
                     " --fault " + fault + " --seconds " + seconds)
             .code == 0;
}

}  // namespace vigie::test
