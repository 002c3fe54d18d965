// SPDX-License-Identifier: Apache-2.0
// The built libav_source plugin against files, an HLS folder and a motion JPEG server of ffmpeg.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <set>
#include <thread>

#include "emulator_process.hpp"
#include "support/plugin_harness.hpp"
#include "support/temporary_folder.hpp"

using namespace std::chrono_literals;
using namespace vigie::test;

namespace {

/// Runs ffmpeg to its end.
void ffmpeg(const std::string& arguments) {
  REQUIRE(std::system(("ffmpeg -v error -nostdin -y " + arguments).c_str()) == 0);
}

const std::string picture = "-f lavfi -i testsrc2=size=320x180:rate=25 ";
const std::string sound = "-f lavfi -i sine=frequency=440 ";
const std::string h264 = "-c:v libx264 -preset ultrafast -bf 2 -g 10 ";

struct bench {
  bench() : plugin{built_plugin("libav_source"), VIGIE_FACTORY_PROTOCOL, "fr.vigie.libav_source"} {
    REQUIRE(plugin.init() == VIGIE_OK);
    REQUIRE(plugin.start() == VIGIE_OK);
  }
  void open(const std::string& address, const std::string& options = "{}") {
    REQUIRE(plugin.attach({1, "cam-1", address, "", "", options}) == VIGIE_OK);
    std::int32_t transport = 0;
    CHECK(plugin.resolve(1, nullptr, &transport).empty());
    CHECK(transport == VIGIE_STREAM_PUSHED);
    REQUIRE(plugin.protocol().open_stream(plugin.get(), 1, plugin.fresh_error()) == VIGIE_OK);
  }
  bool wait_packets(std::size_t count) {
    return plugin.host().wait(20s, [&](const host_record& r) { return r.packets.size() >= count; });
  }
  bool wait_end() {
    return plugin.host().wait(20s, [](const host_record& r) { return !r.ended.empty(); });
  }
  vigie_status_t end() {
    return plugin.host().with([](const host_record& r) { return r.ended.at(0).why; });
  }
  std::string file(const std::string& name) { return (folder.path() / name).string(); }

  temporary_folder folder;
  plugin_harness plugin;
};

int listening_on(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(port);
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0);
  REQUIRE(::listen(fd, 8) == 0);
  return fd;
}

/// A camera whose first picture never ends.
class endless_picture {
 public:
  explicit endless_picture(std::uint16_t port)
      : door_{listening_on(port)}, thread_{[this] { serve(); }} {}
  ~endless_picture() {
    ::shutdown(door_, SHUT_RDWR);
    thread_.join();
    ::close(door_);
  }
  std::uint64_t sent() const { return sent_; }

 private:
  void serve() {
    const int fd = ::accept4(door_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const timeval patience{20, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const std::string head =
        "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8";
    ::send(fd, head.data(), head.size(), MSG_NOSIGNAL);
    const std::string more(64 * 1024, 'x');
    for (ssize_t n = 1; n > 0 && sent_ < (std::uint64_t{256} << 20);
         sent_ += static_cast<std::uint64_t>(std::max<ssize_t>(n, 0)))
      n = ::send(fd, more.data(), more.size(), MSG_NOSIGNAL);
    ::close(fd);
  }

  const int door_;
  std::atomic<std::uint64_t> sent_ = 0;
  std::thread thread_;
};

bool is_annex_b(const std::vector<std::uint8_t>& data) {
  return data.size() > 4 && data[0] == 0 && data[1] == 0 && (data[2] == 1 || data[3] == 1);
}

/// What holds for every packet of a stream.
void check_order(const host_record& r) {
  for (std::size_t i = 1; i < r.packets.size(); ++i) {
    const auto &before = r.packets[i - 1].head, &now = r.packets[i].head;
    CHECK(now.stream_generation >= before.stream_generation);
    if (now.stream_generation == before.stream_generation)
      CHECK(now.media_pts_us > before.media_pts_us);
  }
}

}  // namespace

TEST_SUITE("plugins/libav_source") {
  TEST_CASE("a file with sound: H.264 as Annex B, no sound, at the pace of time") {
    bench b;
    ffmpeg(picture + sound + "-t 2 " + h264 + "-c:a aac " + b.file("clip.mp4"));
    const auto began = std::chrono::steady_clock::now();
    b.open("file://" + b.file("clip.mp4"));
    REQUIRE(b.wait_end());
    CHECK(std::chrono::steady_clock::now() - began > 1s);
    b.plugin.host().with([](const host_record& r) {
      REQUIRE(r.packets.size() == 50);
      CHECK(r.packets[0].head.flags == VIGIE_PACKET_KEY);
      CHECK(std::count_if(r.packets.begin(), r.packets.end(), [](const auto& p) {
              return (p.head.flags & VIGIE_PACKET_KEY) != 0;
            }) == 5);
      for (const auto& p : r.packets) {
        CHECK(p.head.codec == VIGIE_CODEC_H264);
        CHECK(is_annex_b(p.data));
        REQUIRE(is_annex_b(p.parameters));
        CHECK((p.parameters[4] & 31) == 7);
      }
      check_order(r);
    });
  }

  TEST_CASE("a file that loops begins a new generation") {
    bench b;
    ffmpeg(picture + "-t 0.4 " + h264 + b.file("clip.mp4"));
    b.open("file://" + b.file("clip.mp4"), R"({"loop":true})");
    REQUIRE(b.wait_packets(25));
    b.plugin.protocol().close_stream(b.plugin.get(), 1);
    const std::size_t after_close =
        b.plugin.host().with([](const host_record& r) { return r.packets.size(); });
    b.plugin.host().with([](const host_record& r) {
      std::set<std::uint32_t> generations;
      for (const auto& p : r.packets) generations.insert(p.head.stream_generation);
      CHECK(generations.size() >= 3);
      check_order(r);
      CHECK(r.ended.empty());
    });
    CHECK_FALSE(b.plugin.host().wait(
        200ms, [&](const host_record& r) { return r.packets.size() != after_close; }));
  }

  TEST_CASE("a busy host: dropped up to the next key picture, which says so") {
    bench b;
    ffmpeg(picture + "-t 1.2 " + h264 + b.file("clip.mp4"));
    b.plugin.host().answer_pushes_with(VIGIE_E_BUSY);
    b.open("file://" + b.file("clip.mp4"));
    REQUIRE(b.wait_end());
    b.plugin.host().with([](const host_record& r) {
      REQUIRE(r.packets.size() == 3);  // the key pictures alone
      CHECK(r.packets[1].head.flags == (VIGIE_PACKET_KEY | VIGIE_PACKET_AFTER_LOSS));
    });
  }

  TEST_CASE("a host that does not take the codec: the stream ends and says so") {
    bench b;
    ffmpeg(picture + "-t 1.2 -c:v mjpeg " + b.file("clip.avi"));
    b.plugin.host().answer_pushes_with(VIGIE_E_UNSUPPORTED);
    b.open("file://" + b.file("clip.avi"), R"({"loop":true})");
    REQUIRE(b.wait_end());
    CHECK(b.end() == VIGIE_E_UNSUPPORTED);
    b.plugin.host().with([](const host_record& r) {
      REQUIRE(r.ended.size() == 1);
      CHECK(r.ended[0].text.find("motion JPEG") != std::string::npos);
      CHECK(r.packets.size() == 1);
    });
    // As the host does: closed, then opened anew.
    b.plugin.protocol().close_stream(b.plugin.get(), 1);
    b.plugin.host().clear();
    b.plugin.host().answer_pushes_with(VIGIE_OK);
    REQUIRE(b.plugin.protocol().open_stream(b.plugin.get(), 1, b.plugin.fresh_error()) == VIGIE_OK);
    CHECK(b.wait_packets(10));
  }

  TEST_CASE("a motion JPEG picture that never ends is given up, whatever the memory") {
    bench b;
    const endless_picture camera{33010};
    b.open("http://127.0.0.1:33010/video", R"({"format":"mpjpeg"})");
    REQUIRE(b.wait_end());
    CHECK(b.end() == VIGIE_E_IO);
    b.plugin.host().with([](const host_record& r) {
      CHECK(r.ended.at(0).text == "a picture of the source does not end in 8 MiB");
      CHECK(r.packets.empty());
    });
    CHECK(camera.sent() < (std::uint64_t{64} << 20));
  }

  TEST_CASE("motion JPEG over HTTP") {
    bench b;
    const child_process server{
        "ffmpeg",
        {"-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10",
         "-t", "20", "-f", "mpjpeg", "-listen", "1", "http://127.0.0.1:27010/video"}};
    // Its port opens when ffmpeg is ready; a refused stream is opened anew, as the host does.
    REQUIRE(b.plugin.attach({1, "cam-1", "http://127.0.0.1:27010/video", "", "",
                             R"({"format":"mpjpeg"})"}) == VIGIE_OK);
    const bool arrived = wait_until(20s, [&] {
      b.plugin.protocol().close_stream(b.plugin.get(), 1);
      b.plugin.host().clear();
      b.plugin.protocol().open_stream(b.plugin.get(), 1, b.plugin.fresh_error());
      b.plugin.host().wait(
          5s, [](const host_record& r) { return r.packets.size() >= 8 || !r.ended.empty(); });
      return b.plugin.host().with([](const host_record& r) { return r.packets.size() >= 8; });
    });
    REQUIRE(arrived);
    b.plugin.host().with([](const host_record& r) {
      for (const auto& p : r.packets) {
        CHECK(p.head.codec == VIGIE_CODEC_MJPEG);
        CHECK(p.head.flags == VIGIE_PACKET_KEY);
        REQUIRE(p.data.size() > 4);
        CHECK(p.data[0] == 0xff);
        CHECK(p.data[1] == 0xd8);
      }
      check_order(r);
    });
  }

  TEST_CASE("HLS over HTTP; a playlist that names a file of this machine brings nothing") {
    bench b;
    ffmpeg(picture + "-t 2 " + h264 + "-f hls -hls_time 1 -hls_list_size 0 " + b.file("live.m3u8"));
    std::ofstream{b.file("evil.m3u8")} << "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://"
                                       << b.file("live0.ts") << "\n#EXT-X-ENDLIST\n";
    const child_process server{"python3",
                               {"-m", "http.server", "27011", "--bind", "127.0.0.1", "--directory",
                                b.folder.path().string()}};
    REQUIRE(wait_until(10s, [] {
      const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in to{};
      to.sin_family = AF_INET;
      to.sin_port = htons(27011);
      to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      const bool open = ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
      ::close(fd);
      return open;
    }));
    b.open("http://127.0.0.1:27011/live.m3u8");
    REQUIRE(b.wait_end());
    b.plugin.host().with([](const host_record& r) {
      CHECK(r.packets.size() == 50);
      for (const auto& p : r.packets) CHECK(is_annex_b(p.data));
      REQUIRE(!r.packets.empty());
      CHECK(is_annex_b(r.packets[0].parameters));
      check_order(r);
    });
    b.plugin.protocol().detach(b.plugin.get(), 1);
    b.plugin.host().clear();
    b.open("http://127.0.0.1:27011/evil.m3u8");
    REQUIRE(b.wait_end());
    CHECK(b.plugin.host().with([](const host_record& r) { return r.packets.empty(); }));
    b.plugin.protocol().detach(b.plugin.get(), 1);
    b.plugin.host().clear();
    b.open("http://127.0.0.1:27011/nothing.m3u8");
    REQUIRE(b.wait_end());
    CHECK(b.end() == VIGIE_E_NOT_FOUND);
  }

  TEST_CASE("a server that never answers: a time-out; a stop in between ends at once") {
    bench b;
    const int fd = listening_on(27012);
    b.open("http://127.0.0.1:27012/mute", R"({"open_timeout_ms":300})");
    REQUIRE(b.wait_end());
    CHECK(b.end() == VIGIE_E_TIMEOUT);
    b.plugin.protocol().detach(b.plugin.get(), 1);
    b.open("http://127.0.0.1:27012/mute");
    const auto began = std::chrono::steady_clock::now();
    b.plugin.stop();
    CHECK(std::chrono::steady_clock::now() - began < 2s);
    ::close(fd);
  }

  TEST_CASE("addresses that make no sense or hold a secret are refused") {
    bench b;
    for (const char* address :
         {"rtsp://127.0.0.1/x", "concat:/etc/passwd", "/etc/passwd", "http://u:secret@127.0.0.1/",
          "http:///x", "subfile,,start,0,end,9,,:/etc/passwd"}) {
      CAPTURE(std::string{address});
      CHECK(b.plugin.attach({7, "cam-7", address, "", "", "{}"}) == VIGIE_E_INVALID);
      CHECK(std::string{b.plugin.error().text}.find("secret") == std::string::npos);
    }
    CHECK(b.plugin.attach({7, "cam-7", "file:///x", "", "", R"({"lop":true})"}) == VIGIE_E_INVALID);
  }
}
