// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vigie::test {

/// Path of the built vigie-sim.
std::string sim_program();

/// Standard output and error of a shell command, and its exit code.
struct command_result {
  int code = -1;
  std::string output;
};
command_result run_command(const std::string& command);

/// A vigie-sim farm as a child process, ready when the constructor returns; stopped at the end.
class farm_process {
 public:
  explicit farm_process(const std::vector<std::string>& arguments);
  ~farm_process();
  farm_process(const farm_process&) = delete;
  farm_process& operator=(const farm_process&) = delete;
  /// Waits for the child to end by itself and returns its exit code.
  int wait();

 private:
  pid_t pid_ = -1;
};

/// `vigie-sim stats` and `vigie-sim fault` against a control door.
nlohmann::json ask_stats(const std::string& control);
bool order_fault(const std::string& control, const std::string& camera, const std::string& fault,
                 const std::string& seconds = "0");

}  // namespace vigie::test
