// SPDX-License-Identifier: Apache-2.0
// The least a client can do with a camera farm: one session per camera over TCP, sockets drained
// four times a second, bytes counted and thrown away. What the farm itself costs is measured beside
// it, from /proc. Prints one JSON line.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;

struct load {
  unsigned cameras = 1000;
  unsigned port = 8554;
  unsigned seconds = 20;
  int farm_pid = 0;
};

std::string md5(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), sum.data(), &size, EVP_md5(), nullptr);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    constexpr char digits[] = "0123456789abcdef";
    hex += {digits[sum[i] >> 4], digits[sum[i] & 15]};
  }
  return hex;
}

std::string between(const std::string& text, const std::string& before, const char* after) {
  const auto at = text.find(before);
  if (at == std::string::npos) return {};
  const auto begin = at + before.size();
  return text.substr(begin, text.find_first_of(after, begin) - begin);
}

/// A session that plays, or ends the program with what went wrong.
class session {
 public:
  session(unsigned camera, unsigned port) {
    const std::string address = "127.1." + std::to_string((camera - 1) / 250) + "." +
                                std::to_string((camera - 1) % 250 + 1);
    url_ = "rtsp://" + address + ":" + std::to_string(port) + "/stream";
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    if (fd_ < 0 || connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
      give_up("does not connect");
    nonce_ = between(ask("DESCRIBE", url_, ""), "nonce=\"", "\"");
    expect_ok(ask("DESCRIBE", url_, ""));
    const auto set_up =
        ask("SETUP", url_ + "/trackID=1", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n");
    expect_ok(set_up);
    session_ = between(set_up, "Session: ", ";\r");
    expect_ok(ask("PLAY", url_, ""));
  }
  int fd() const { return fd_; }
  void keep_alive() {
    const auto text = line("GET_PARAMETER", url_, "");
    send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }

 private:
  [[noreturn]] void give_up(const std::string& why) const {
    std::fprintf(stderr, "%s: %s\n", url_.c_str(), why.c_str());
    std::exit(1);
  }
  void expect_ok(const std::string& answer) const {
    if (!answer.starts_with("RTSP/1.0 200")) give_up(answer.substr(0, answer.find('\r')));
  }
  std::string line(const std::string& method, const std::string& uri, const std::string& more) {
    std::string text =
        method + " " + uri + " RTSP/1.0\r\nCSeq: " + std::to_string(++cseq_) + "\r\n" + more;
    if (!session_.empty()) text += "Session: " + session_ + "\r\n";
    if (!nonce_.empty())
      text +=
          "Authorization: Digest username=\"vigie\", realm=\"vigie-sim\", nonce=\"" + nonce_ +
          "\", uri=\"" + uri + "\", response=\"" +
          md5(md5("vigie:vigie-sim:vigie-demo") + ":" + nonce_ + ":" + md5(method + ":" + uri)) +
          "\"\r\n";
    return text + "\r\n";
  }
  std::string ask(const std::string& method, const std::string& uri, const std::string& more) {
    const auto text = line(method, uri, more);
    if (send(fd_, text.data(), text.size(), MSG_NOSIGNAL) < 0) give_up("hung up");
    std::string answer;
    std::array<char, 4096> buffer;
    for (;;) {
      const auto got = recv(fd_, buffer.data(), buffer.size(), 0);
      if (got <= 0) give_up("hung up");
      answer.append(buffer.data(), static_cast<std::size_t>(got));
      const auto head = answer.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      const auto body = std::atoi(between(answer, "Content-Length: ", "\r").c_str());
      if (answer.size() >= head + 4 + static_cast<std::size_t>(body)) return answer;
    }
  }
  std::string url_, nonce_, session_;
  int fd_ = -1;
  int cseq_ = 0;
};

struct process_use {
  double cpu_s = 0;
  long rss_kib = 0;
};
process_use use_of(int pid) {
  if (pid == 0) return {};
  const std::string folder = "/proc/" + std::to_string(pid);
  std::ifstream stat{folder + "/stat"};
  std::string text{std::istreambuf_iterator<char>{stat}, {}};
  std::istringstream fields{text.substr(text.rfind(')') + 2)};
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  long user = 0, system = 0;
  fields >> user >> system;
  process_use use;
  use.cpu_s = static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  std::ifstream status{folder + "/status"};
  for (std::string word; status >> word;)
    if (word == "VmRSS:") status >> use.rss_kib;
  return use;
}

}  // namespace

int main(int argc, char** argv) {
  load what;
  CLI::App cli{"Reads a camera farm as cheaply as possible and tells what the farm cost"};
  cli.add_option("--cameras", what.cameras)->check(CLI::Range(1, 10'000));
  cli.add_option("--port", what.port)->check(CLI::Range(1, 65'535));
  cli.add_option("--seconds", what.seconds)->check(CLI::Range(1, 3600));
  cli.add_option("--farm-pid", what.farm_pid, "the farm's process, to tell its CPU and memory");
  CLI11_PARSE(cli, argc, argv);
  rlimit descriptors{};
  getrlimit(RLIMIT_NOFILE, &descriptors);
  descriptors.rlim_cur = descriptors.rlim_max;
  setrlimit(RLIMIT_NOFILE, &descriptors);

  const auto empty = use_of(what.farm_pid);
  const auto connecting = steady::now();
  std::vector<session> sessions;
  std::vector<char> sink(256 * 1024);
  sessions.reserve(what.cameras);
  const auto drain = [&] {
    std::uint64_t bytes = 0;
    for (const auto& one : sessions)
      for (ssize_t got; (got = recv(one.fd(), sink.data(), sink.size(), MSG_DONTWAIT)) > 0;) {
        bytes += static_cast<std::uint64_t>(got);
        if (static_cast<std::size_t>(got) < sink.size()) break;
      }
    return bytes;
  };
  for (unsigned i = 1; i <= what.cameras; ++i) {
    sessions.emplace_back(i, what.port);
    if (i % 250 == 0) drain();
  }
  const double connect_s = std::chrono::duration<double>(steady::now() - connecting).count();
  drain();

  const auto before = use_of(what.farm_pid);
  const auto start = steady::now();
  std::uint64_t bytes = 0;
  auto next_keep_alive = start + std::chrono::seconds{20};
  for (auto next = start; next < start + std::chrono::seconds{what.seconds};) {
    bytes += drain();
    if (steady::now() > next_keep_alive) {
      for (auto& one : sessions) one.keep_alive();
      next_keep_alive += std::chrono::seconds{20};
    }
    next += std::chrono::milliseconds{250};
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(next - steady::now());
    const timespec pause{0, std::clamp<long>(left.count(), 0, 250'000'000)};
    nanosleep(&pause, nullptr);
  }
  const double wall_s = std::chrono::duration<double>(steady::now() - start).count();
  const auto after = use_of(what.farm_pid);
  std::printf(
      R"({"cameras":%u,"connect_s":%.1f,"kbps_per_camera":%.1f,"farm_cpu_pct":%.1f,)"
      R"("farm_cpu_pct_per_camera":%.5f,"farm_rss_kib":%ld,"farm_rss_kib_per_session":%.2f})"
      "\n",
      what.cameras, connect_s, static_cast<double>(bytes) * 8e-3 / wall_s / what.cameras,
      (after.cpu_s - before.cpu_s) / wall_s * 100,
      (after.cpu_s - before.cpu_s) / wall_s * 100 / what.cameras, after.rss_kib,
      static_cast<double>(after.rss_kib - empty.rss_kib) / what.cameras);
}
