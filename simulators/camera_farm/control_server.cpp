// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/control_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace vigie::simulators {

namespace {

using nlohmann::json;

constexpr std::size_t max_line_bytes = 64 * 1024;

result<sockaddr_in> parse_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  std::uint16_t port = 0;
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
    if (error != std::errc{} || stop != end) port = 0;
  }
  if (port == 0 || ::inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr) != 1)
    return fail(errc::config_invalid,
                fmt::format("\"{}\" is no address:port; write for example 127.0.0.1:8555", text));
  address.sin_port = htons(port);
  return address;
}

json error_answer(const std::string& what) { return {{"error", what}}; }

std::vector<std::string> strings_of(const json& value) {
  if (value.is_string()) return {value.get<std::string>()};
  std::vector<std::string> all;
  if (value.is_array())
    for (const json& one : value)
      if (one.is_string()) all.push_back(one.get<std::string>());
  return all;
}

json handle_fault(farm& on, const json& request) {
  const std::vector<std::string> named = strings_of(request.value("cameras", json{}));
  if (named.empty()) return error_answer("\"cameras\" must be \"all\" or a list of ids and ranges");
  const auto cameras = cameras_named(named, on.size());
  if (!cameras) return error_answer(cameras.error().detail);
  const json name = request.value("fault", json{});
  const auto what = name.is_string() ? trouble_from(name.get<std::string>()) : std::nullopt;
  if (!what)
    return error_answer("\"fault\" is none that this farm knows; see vigie-sim fault --help");
  const json seconds = request.value("seconds", json(0));
  if (!seconds.is_number() || seconds.get<double>() < 0 || seconds.get<double>() > 1e6)
    return error_answer("\"seconds\" must be a number of seconds, 0 to 1,000,000");
  on.apply(*cameras, *what,
           std::chrono::milliseconds{static_cast<std::int64_t>(seconds.get<double>() * 1000)});
  return {{"ok", true}, {"cameras", cameras->size()}, {"fault", name}};
}

}  // namespace

std::string to_json(const farm_stats& stats) {
  // Written by hand: with 5,000 cameras a tree of values would keep the cameras waiting.
  std::string text = fmt::format(
      R"({{"uptime_s":{:.3f},"cpu_s":{:.3f},"sessions":{},"sent_frames":{},"sent_bytes":{},)"
      R"("dropped_frames":{},"lost_datagrams":{},"cameras":[)",
      stats.uptime_s, stats.cpu_s, stats.sessions, stats.sent_frames, stats.sent_bytes,
      stats.dropped_frames, stats.lost_datagrams);
  const auto counter = [](std::uint64_t value) {
    return value == 0 ? std::string{"null"} : std::to_string(value);
  };
  for (const camera_stats& one : stats.cameras) {
    if (&one != stats.cameras.data()) text += ',';
    fmt::format_to(std::back_inserter(text),
                   R"({{"id":"{}","fault":"{}","codec":"{}","sessions":{},"sessions_total":{},)"
                   R"("sent_frames":{},"first_frame":{},"last_frame":{},"most_connections":{}}})",
                   one.id, name_of(one.current), name_of(one.codec), one.sessions,
                   one.sessions_total, one.sent_frames, counter(one.first_frame),
                   counter(one.last_frame), one.most_connections);
  }
  return text + "]}";
}

std::string handle_control_line(farm& on, std::string_view line) {
  const json request = json::parse(line, nullptr, false);
  if (!request.is_object()) return error_answer("a line must be one JSON object").dump();
  const json command = request.value("cmd", json{});
  if (command == "stats") {
    farm_stats stats = on.stats();
    if (request.value("brief", json(false)) == true) stats.cameras.clear();
    return to_json(stats);
  }
  if (command == "fault") return handle_fault(on, request).dump();
  if (command == "stop") {
    on.stop();
    return json{{"ok", true}}.dump();
  }
  return error_answer("\"cmd\" must be fault, stats or stop").dump();
}

std::string fault_line(const std::vector<std::string>& cameras, const std::string& fault_name,
                       double seconds) {
  json line{{"cmd", "fault"}, {"cameras", cameras}, {"fault", fault_name}};
  if (seconds > 0) line["seconds"] = seconds;
  return line.dump();
}

// -- the door ---

class control_server::connection final : public event_handler {
 public:
  connection(farm& on, int fd) : farm_{on}, fd_{fd} { farm_.loop().add(fd_, EPOLLIN, *this); }
  ~connection() override { close(); }
  bool closed() const { return fd_ < 0; }

  void on_ready(std::uint32_t events) override {
    if ((events & EPOLLOUT) != 0) flush();
    if (closed() || (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0) return;
    std::array<char, 4096> buffer;
    const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return close();
    received_.append(buffer.data(), static_cast<std::size_t>(got));
    std::size_t end;
    while (!closed() && (end = received_.find('\n')) != std::string::npos) {
      const std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      answer_ += handle_control_line(farm_, line) + "\n";
    }
    if (received_.size() > max_line_bytes) return close();
    flush();
  }

 private:
  // The statistics of a large farm exceed a socket's buffer; the cameras do not wait for whoever
  // reads them.
  void flush() {
    while (!closed() && !answer_.empty()) {
      const ssize_t taken =
          ::send(fd_, answer_.data(), answer_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (taken < 0 && errno != EAGAIN && errno != EINTR) return close();
      if (taken <= 0) break;
      answer_.erase(0, static_cast<std::size_t>(taken));
    }
    if (!closed()) farm_.loop().modify(fd_, answer_.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT, *this);
  }
  void close() {
    if (fd_ < 0) return;
    farm_.loop().remove(fd_);
    ::close(std::exchange(fd_, -1));
  }

  farm& farm_;
  int fd_;
  std::string received_;
  std::string answer_;
};

result<std::unique_ptr<control_server>> control_server::listen(farm& on,
                                                               const std::string& address) {
  const auto parsed = parse_address(address);
  if (!parsed) return tl::unexpected{parsed.error()};
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&*parsed), sizeof *parsed) < 0 ||
      ::listen(fd, 16) < 0) {
    const std::string why = std::strerror(errno);
    ::close(fd);
    return fail(errc::io_failed, fmt::format("cannot listen on {}: {}", address, why));
  }
  std::unique_ptr<control_server> made{new control_server{on, fd}};
  on.loop().add(fd, EPOLLIN, *made);
  return made;
}

control_server::~control_server() {
  connections_.clear();
  farm_.loop().remove(fd_);
  ::close(fd_);
}

void control_server::on_ready(std::uint32_t) {
  connections_.remove_if([&](const std::shared_ptr<connection>& one) {
    if (one->closed()) farm_.loop().retire(one);
    return one->closed();
  });
  const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd >= 0) connections_.push_back(std::make_shared<connection>(farm_, fd));
}

result<std::string> ask_farm(const std::string& address, const std::string& line) {
  const auto parsed = parse_address(address);
  if (!parsed) return tl::unexpected{parsed.error()};
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{5, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const std::string text = line + "\n";
  std::string received;
  std::optional<error> problem;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&*parsed), sizeof *parsed) < 0)
    problem = error{errno == ECONNREFUSED ? errc::io_refused : errc::io_failed,
                    fmt::format("no farm answers on {}: {}", address, std::strerror(errno))};
  else if (::send(fd, text.data(), text.size(), MSG_NOSIGNAL) < 0)
    problem = error{errc::io_failed, std::strerror(errno)};
  while (!problem && !received.ends_with('\n')) {
    std::array<char, 65536> buffer;
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got <= 0)
      problem = error{got == 0 ? errc::io_closed : errc::io_timeout,
                      fmt::format("the farm on {} did not answer", address)};
    else
      received.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(fd);
  if (problem) return tl::unexpected{*problem};
  received.pop_back();
  return received;
}

}  // namespace vigie::simulators
