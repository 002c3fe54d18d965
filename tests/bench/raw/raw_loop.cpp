// SPDX-License-Identifier: Apache-2.0
// The reference every ingest figure stands beside: one thread that receives as many loopback
// streams as asked, of the same sizes and rates, and writes the same bytes to as many files in
// appends of one GOP. Nothing is parsed. Prints one JSON line; the sender's cost is not counted.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;

struct load {
  int feeds = 200;
  int fps = 12;
  int kbps = 400;
  int gop = 24;
  int seconds = 20;
  std::string folder;
  int message_bytes() const { return kbps * 1000 / 8 / fps; }
};

double thread_cpu_s() {
  rusage use{};
  getrusage(RUSAGE_THREAD, &use);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

struct connections {
  std::vector<int> sending, receiving;
};

connections connect_all(int count) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address);
  listen(listener, 1024);
  socklen_t length = sizeof address;
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  connections all;
  const int one = 1;
  for (int i = 0; i < count; ++i) {
    const int out = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(out, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::exit(1);
    setsockopt(out, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    all.sending.push_back(out);
    all.receiving.push_back(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  }
  close(listener);
  return all;
}

/// Sends every feed's frames in turn, evenly over time, until told to stop.
void send_frames(const load& what, const std::vector<int>& sockets, const std::atomic<bool>& stop) {
  const std::vector<char> frame(static_cast<std::size_t>(what.message_bytes()), 'x');
  const auto start = steady::now();
  const double rate = static_cast<double>(what.feeds) * what.fps;
  for (long sent = 0; !stop;) {
    const double elapsed = std::chrono::duration<double>(steady::now() - start).count();
    for (const auto due = static_cast<long>(elapsed * rate); sent < due; ++sent)
      send(sockets[static_cast<std::size_t>(sent) % sockets.size()], frame.data(), frame.size(),
           MSG_DONTWAIT | MSG_NOSIGNAL);
    std::this_thread::yield();
    timespec nap{0, 1'000'000};
    nanosleep(&nap, nullptr);
  }
}

struct measured {
  double cpu_s = 0;
  double wall_s = 0;
  std::uint64_t bytes = 0;
};

measured receive_and_write(const load& what, const std::vector<int>& sockets) {
  const int poller = epoll_create1(EPOLL_CLOEXEC);
  std::vector<std::vector<char>> pending(sockets.size());
  std::vector<int> files;
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    epoll_event interest{};
    interest.events = EPOLLIN;
    interest.data.u64 = i;
    epoll_ctl(poller, EPOLL_CTL_ADD, sockets[i], &interest);
    const auto path = what.folder + "/" + std::to_string(i);
    files.push_back(open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600));
  }
  const auto append_bytes =
      static_cast<std::size_t>(what.message_bytes()) * static_cast<std::size_t>(what.gop);
  std::array<epoll_event, 512> ready{};
  std::vector<char> buffer(256 * 1024);
  measured result;
  const auto start = steady::now();
  const double cpu_before = thread_cpu_s();
  while (steady::now() - start < std::chrono::seconds{what.seconds}) {
    const int count = epoll_wait(poller, ready.data(), static_cast<int>(ready.size()), 100);
    for (int k = 0; k < count; ++k) {
      const auto i = ready[static_cast<std::size_t>(k)].data.u64;
      const auto got = recv(sockets[i], buffer.data(), buffer.size(), 0);
      if (got <= 0) continue;
      result.bytes += static_cast<std::uint64_t>(got);
      auto& queue = pending[i];
      queue.insert(queue.end(), buffer.data(), buffer.data() + got);
      if (queue.size() < append_bytes) continue;
      if (write(files[i], queue.data(), queue.size()) < 0) std::exit(1);
      queue.clear();
    }
  }
  result.cpu_s = thread_cpu_s() - cpu_before;
  result.wall_s = std::chrono::duration<double>(steady::now() - start).count();
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  load what;
  CLI::App cli{"The raw receive-and-write loop that ingest figures are compared with"};
  cli.add_option("--feeds", what.feeds)->check(CLI::Range(1, 9000));
  cli.add_option("--fps", what.fps)->check(CLI::Range(1, 60));
  cli.add_option("--kbps", what.kbps)->check(CLI::Range(8, 20000));
  cli.add_option("--gop", what.gop)->check(CLI::Range(1, 300));
  cli.add_option("--seconds", what.seconds)->check(CLI::Range(1, 3600));
  cli.add_option("--folder", what.folder, "where the files go")->required();
  CLI11_PARSE(cli, argc, argv);
  std::filesystem::create_directories(what.folder);
  const rlimit descriptors{20'000, 20'000};
  setrlimit(RLIMIT_NOFILE, &descriptors);

  const auto all = connect_all(what.feeds);
  std::atomic<bool> stop{false};
  std::thread sender{[&] { send_frames(what, all.sending, stop); }};
  const auto result = receive_and_write(what, all.receiving);
  stop = true;
  sender.join();
  std::printf(
      R"({"feeds":%d,"bytes":%llu,"mbit_per_s":%.1f,"cpu_pct":%.3f,"cpu_pct_per_feed":%.5f})"
      "\n",
      what.feeds, static_cast<unsigned long long>(result.bytes),
      static_cast<double>(result.bytes) * 8e-6 / result.wall_s, result.cpu_s / result.wall_s * 100,
      result.cpu_s / result.wall_s * 100 / what.feeds);
}
