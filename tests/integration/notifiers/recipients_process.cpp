// SPDX-License-Identifier: Apache-2.0
#include "recipients_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

extern char** environ;

namespace vigie::test {

namespace {

std::string sim_program() {
  if (const char* bin = std::getenv("VIGIE_BIN")) return std::string{bin} + "/vigie-sim";
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" /
          "vigie-sim")
      .string();
}

std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> chunk;
  while (const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), pipe))
    output.append(chunk.data(), got);
  if (::pclose(pipe) != 0) throw std::runtime_error{command + ": " + output};
  return output;
}

}  // namespace

certificates::certificates() {
  std::ofstream script{folder_ / "make.sh"};
  script << R"sh(set -e
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -subj "/CN=$1" -keyout $1.key -out $1.pem
}
signed() { # name, authority, extensions
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
    -keyout $1.key -out $1.csr
  printf '%s\n' "$3" > $1.ext
  openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial -days 2 \
    -extfile $1.ext -out $1.pem
}
authority ca
authority stranger-ca
signed server ca 'subjectAltName=DNS:recipient.test,IP:127.0.0.1'
signed client ca 'extendedKeyUsage=clientAuth'
signed stranger stranger-ca 'extendedKeyUsage=clientAuth'
)sh";
  script.close();
  output_of("cd " + folder_.path().string() + " && bash make.sh");
}

std::string certificates::text(const std::string& name) const {
  std::ifstream in{folder_ / name};
  std::ostringstream read;
  read << in.rdbuf();
  return read.str();
}

const certificates& test_certificates() {
  static const certificates made;
  return made;
}

recipients_process::recipients_process(const std::string& smtp_tls) {
  const certificates& c = test_certificates();
  std::ofstream{folder_ / "recipients.toml"}
      << "control = \"127.0.0.1:26000\"\n[tls]\ncertificate_file = \"" << c.file("server.pem")
      << "\"\nkey_file = \"" << c.file("server.key") << "\"\nclient_ca_file = \""
      << c.file("ca.pem")
      << "\"\n[cap]\nlisten = \"127.0.0.1:26001\"\nsender = \"corg.example\"\n"
         "[webhook]\nlisten = \"127.0.0.1:26002\"\nsecret = \"un-secret-de-test-assez-long\"\n"
         "[smtp]\nlisten = \"127.0.0.1:26003\"\nusername = \"vigie\"\npassword = "
         "\"mot-de-passe\"\ntls = \""
      << smtp_tls << "\"\n";
  std::array<std::string, 4> words{sim_program(), "recipients", "--config",
                                   (folder_ / "recipients.toml").string()};
  std::array<char*, 5> argv{words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                            nullptr};
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  const int error = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string said;
  std::array<char, 512> chunk;
  pollfd waiting{ends[0], POLLIN, 0};
  while (error == 0 && said.find('\n') == std::string::npos && ::poll(&waiting, 1, 20'000) > 0) {
    const ssize_t got = ::read(ends[0], chunk.data(), chunk.size());
    if (got <= 0) break;
    said.append(chunk.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  if (said.rfind("ready", 0) != 0) throw std::runtime_error{"vigie-sim recipients: " + said};
}

recipients_process::~recipients_process() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

nlohmann::json recipients_process::ask(const std::string& arguments) const {
  return nlohmann::json::parse(
      output_of(sim_program() + " " + arguments + " --control 127.0.0.1:26000"));
}

void recipients_process::behave(const std::string& recipient, const std::string& behaviour,
                                unsigned times, unsigned delay_ms) const {
  ask("behave --recipient " + recipient + " --behaviour " + behaviour + " --times " +
      std::to_string(times) + " --delay-ms " + std::to_string(delay_ms));
}

nlohmann::json recipients_process::ledger() const { return ask("ledger"); }

nlohmann::json recipients_process::only_taken(const std::string& recipient) const {
  nlohmann::json found;
  const nlohmann::json book = ledger();
  for (const nlohmann::json& one : book["taken"]) {
    if (one["recipient"] != recipient) continue;
    if (!found.is_null()) throw std::runtime_error{recipient + " took several keys"};
    found = one;
  }
  if (found.is_null()) throw std::runtime_error{recipient + " took nothing"};
  return found;
}

nlohmann::json cap_config() {
  const certificates& c = test_certificates();
  return {{"sender", "csu.demo.example"},
          {"sender_name", "CSU de démonstration"},
          {"recipients",
           {{"corg-95",
             {{"url", "https://127.0.0.1:26001/cap"},
              {"sender", "corg.example"},
              {"ca", c.text("ca.pem")},
              {"certificate", c.text("client.pem")},
              {"key", c.text("client.key")},
              {"timeout_ms", 1500}}}}}};
}

nlohmann::json webhook_config() {
  return {{"recipients",
           {{"corg-95",
             {{"url", "https://127.0.0.1:26002/hook"},
              {"secret", "un-secret-de-test-assez-long"},
              {"ca", test_certificates().text("ca.pem")},
              {"timeout_ms", 1500}}}}}};
}

nlohmann::json smtp_config(const std::string& scheme) {
  return {{"from", "alertes@csu.example"},
          {"from_name", "CSU de démonstration"},
          {"recipients",
           {{"corg-95",
             {{"url", scheme + "://127.0.0.1:26003"},
              {"to", {"maire@ville.example", "astreinte@ville.example"}},
              {"username", "vigie"},
              {"password", "mot-de-passe"},
              {"ca", test_certificates().text("ca.pem")},
              {"timeout_ms", 1500}}}}}};
}

}  // namespace vigie::test
