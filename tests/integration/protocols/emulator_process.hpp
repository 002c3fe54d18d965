// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace vigie::test {

/// A child process that ends with this object.
class child_process {
 public:
  child_process(const std::string& program, const std::vector<std::string>& arguments);
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  bool is_running() const;

 private:
  int pid_ = -1;
};

/// The built `vigie-sim onvif`, spoken to by its control door.
class emulator_process {
 public:
  emulator_process(std::vector<std::string> arguments, std::uint16_t control_port);
  nlohmann::json ask(const nlohmann::json& line) const;
  void fault(unsigned camera, const std::string& name) const;
  void event(unsigned camera, const std::string& name, bool is_active) const;
  nlohmann::json camera(unsigned index) const;
  /// True as soon as that camera's statistics satisfy it, false after ten seconds.
  bool wait_camera(unsigned index, const std::function<bool(const nlohmann::json&)>& holds) const;

 private:
  std::uint16_t port_;
  child_process process_;
};

/// The library of a built plugin; VIGIE_BIN says where programs are, plugins are beside them.
std::filesystem::path built_plugin(const std::string& name);
/// Polls until `holds` or `limit` is over.
bool wait_until(std::chrono::milliseconds limit, const std::function<bool()>& holds);

}  // namespace vigie::test
