// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vigie/sdk.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>

/// What every hostile plugin shares: the harmless whole of a plugin over the bare C ABI, into which
/// one file writes what it does and when. The id and the kind come from the build
/// (plugins.json).
namespace evil {

/// What is done in which call of the centre; null: nothing bad.
struct script {
  void (*in_entry)() = nullptr;
  void (*in_create)() = nullptr;
  vigie_status_t (*in_init)() = nullptr;
  void (*in_start)() = nullptr;
  void (*in_attach)() = nullptr;
  void (*in_call)() = nullptr;  ///< resolve_stream of a protocol, deliver of a notifier
  void (*in_frame)(const vigie_frame_t&) = nullptr;
  void (*in_stop)() = nullptr;
  void (*in_destroy)() = nullptr;
};
extern const script plan;
extern const char* const id;
#ifdef EVIL_ID
const char* const id = EVIL_ID;
#endif

/// What the plugin knows of the centre.
struct world {
  const vigie_host_t* host = nullptr;
  const vigie_log_t* log = nullptr;
  const vigie_packet_sink_t* packets = nullptr;
  const vigie_device_events_t* events = nullptr;
  const vigie_detections_t* detections = nullptr;
  const vigie_frames_t* frames = nullptr;
  const vigie_delivery_t* delivery = nullptr;
  std::string
      config;  ///< {"file": a path, "unix": a path, "port": a TCP and UDP port, "ok": one more}
  std::uint64_t camera = 0;
};
inline world w;

inline void say(const std::string& text) {
  w.log->write(w.host, VIGIE_LOG_WARNING, {text.data(), text.size()});
}
/// The one word a tester looks for: the plugin did what no plugin may.
inline void escaped(const std::string& how) { say("escaped: " + how); }

/// "text" or number behind a key of the configuration, whatever blanks its writer likes.
inline std::string setting(const std::string& key) {
  auto at = w.config.find("\"" + key + "\"");
  if (at == std::string::npos) return {};
  at = w.config.find_first_not_of(" :", at + key.size() + 2);
  if (at == std::string::npos) return {};
  if (w.config[at] != '"') return w.config.substr(at, w.config.find_first_of(",} ", at) - at);
  return w.config.substr(at + 1, w.config.find('"', at + 1) - at - 1);
}
inline sockaddr_in place(const std::string& port_key, const char* host = "127.0.0.1") {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::atoi(setting(port_key).c_str())));
  ::inet_pton(AF_INET, host, &to.sin_addr);
  return to;
}
inline const sockaddr* as_address(const sockaddr_in& to) {
  return reinterpret_cast<const sockaddr*>(&to);
}
inline void try_to_read(const char* path) {
  const int file = ::open(path, O_RDONLY);
  char byte = 0;
  if (file >= 0 && ::read(file, &byte, 1) == 1) escaped(std::string{"read "} + path);
}

[[noreturn]] inline void spin() {
  static std::atomic<bool> over{false};
  while (!over) {}
  std::abort();
}
[[noreturn]] inline void sleep_for_ever() {
  while (true) ::poll(nullptr, 0, 1000);
}

/// A detection in which nothing is wrong yet.
inline vigie_detection_t detection(const vigie_frame_t& frame) {
  vigie_detection_t d{};
  d.size = sizeof d;
  d.event_type = VIGIE_EVENT_PICTURE_BLACK;
  d.camera = frame.camera;
  d.frame = frame.id;
  d.at_utc_us = frame.capture_utc_us;
  d.active = 1;
  d.score = 0.5;
  return d;
}
inline vigie_status_t emit(const vigie_detection_t& d) { return w.detections->emit(w.host, &d); }

}  // namespace evil
