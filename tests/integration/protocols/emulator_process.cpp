// SPDX-License-Identifier: Apache-2.0
#include "emulator_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

extern char** environ;

namespace vigie::test {

namespace {

using nlohmann::json;

std::filesystem::path programs() {
  const char* told = std::getenv("VIGIE_BIN");
  if (!told) throw std::runtime_error{"VIGIE_BIN is not set; run this through ctest"};
  return told;
}

}  // namespace

bool wait_until(std::chrono::milliseconds limit, const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    ::poll(nullptr, 0, 20);
  }
  return true;
}

child_process::child_process(const std::string& program,
                             const std::vector<std::string>& arguments) {
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const std::string& one : arguments) argv.push_back(const_cast<char*>(one.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  ::posix_spawn_file_actions_init(&quiet);
  for (const int fd : {1, 2})
    ::posix_spawn_file_actions_addopen(&quiet, fd, "/dev/null", O_WRONLY, 0);
  if (::posix_spawnp(&pid_, program.c_str(), &quiet, nullptr, argv.data(), environ) != 0)
    throw std::runtime_error{"cannot start " + program};
  ::posix_spawn_file_actions_destroy(&quiet);
}

child_process::~child_process() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool child_process::is_running() const { return ::kill(pid_, 0) == 0; }

emulator_process::emulator_process(std::vector<std::string> arguments, std::uint16_t control_port)
    : port_{control_port}, process_{(programs() / "vigie-sim").string(), [&] {
                                      arguments.insert(arguments.begin(), "onvif");
                                      return arguments;
                                    }()} {
  if (!wait_until(std::chrono::seconds{10}, [&] {
        return ask({{"cmd", "stats"}}).contains("cameras");
      }))
    throw std::runtime_error{"the emulator does not answer"};
}

json emulator_process::ask(const json& line) const {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{5, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string received;
  const std::string text = line.dump() + "\n";
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
      ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) > 0) {
    char part[16384];
    ssize_t got = 0;
    while (!received.ends_with('\n') && (got = ::recv(fd, part, sizeof part, 0)) > 0)
      received.append(part, static_cast<std::size_t>(got));
  }
  ::close(fd);
  json answer = json::parse(received, nullptr, false);
  return answer.is_object() ? answer : json::object();
}

void emulator_process::fault(unsigned camera, const std::string& name) const {
  const json got =
      ask({{"cmd", "fault"}, {"cameras", fmt::format("cam-{:04}", camera)}, {"fault", name}});
  if (!got.contains("ok")) throw std::runtime_error{"fault " + name + ": " + got.dump()};
}

void emulator_process::event(unsigned camera, const std::string& name, bool is_active) const {
  const json got = ask({{"cmd", "event"},
                        {"cameras", fmt::format("cam-{:04}", camera)},
                        {"event", name},
                        {"active", is_active}});
  if (!got.contains("ok")) throw std::runtime_error{"event " + name + ": " + got.dump()};
}

json emulator_process::camera(unsigned index) const {
  const json all = ask({{"cmd", "stats"}});
  return all.at("cameras").at(index - 1);
}

bool emulator_process::wait_camera(unsigned index,
                                   const std::function<bool(const json&)>& holds) const {
  return wait_until(std::chrono::seconds{10}, [&] { return holds(camera(index)); });
}

std::filesystem::path built_plugin(const std::string& name) {
  return programs().parent_path() / "plugins" / name / ("libvigie_" + name + ".so");
}

}  // namespace vigie::test
