// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/wire.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/random.hpp"

namespace {

using namespace vigie;
using namespace vigie::plugin_host;

/// Bytes of a call as they stand in a message, without the length.
std::vector<std::uint8_t> packed(wire::to_child message) {
  std::vector<std::uint8_t> bytes;
  archive::packer pack{bytes};
  pack(message);
  return bytes;
}

bool unpacks(byte_view bytes) {
  wire::to_child into;
  archive::unpacker unpack{bytes};
  unpack(into);
  return unpack.complete();
}

wire::to_child attach() {
  return wire::numbered_call{7, attach_call{3, "cam-1", "10.0.0.1", "u", "p", "{}"}};
}

struct socket_pair {
  std::array<int, 2> ends{};
  socket_pair() {
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
  }
  ~socket_pair() {
    for (const int end : ends) ::close(end);
  }
};

}  // namespace

TEST_CASE("wire: a call comes back as it went, and no shorter part of it does") {
  const auto bytes = packed(attach());
  wire::to_child into;
  archive::unpacker unpack{bytes};
  unpack(into);
  REQUIRE(unpack.complete());
  const auto& call = std::get<wire::numbered_call>(into);
  CHECK(call.number == 7);
  CHECK(std::get<attach_call>(call.call).id == "cam-1");
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK(!unpacks(byte_view{bytes}.first(size)));
}

TEST_CASE("wire: damaged bytes never unpack into more than they are") {
  seeded_random random{20261121};
  const auto whole = packed(attach());
  for (int round = 0; round < 20000; ++round) {
    auto bytes = whole;
    for (int n = 0; n < 3; ++n)
      bytes[random.next() % bytes.size()] = static_cast<std::uint8_t>(random.next());
    unpacks(bytes);  // must not crash, allocate wildly or read outside: the sanitizers watch
  }
  std::vector<std::uint8_t> huge_list = packed(wire::to_child{start_order{}});
  huge_list[1] = 0xff;
  huge_list[2] = 0xff;
  huge_list[3] = 0xff;
  huge_list[4] = 0x7f;
  CHECK(!unpacks(huge_list));
}

TEST_CASE("wire: messages and descriptors pass a channel split anywhere") {
  socket_pair pair;
  wire::channel from{pair.ends[0]}, to{pair.ends[1]};
  const int file = ::open("/dev/null", O_RDONLY);
  auto first = attach();
  wire::to_child pool = wire::pool_offer{2, 4096};
  from.put(first);
  from.put(pool, file);
  from.put(first);
  REQUIRE(from.flush() == wire::io::done);
  std::vector<std::size_t> kinds;
  wire::to_child got;
  while (kinds.size() < 3 && to.fill() == wire::io::done)
    while (to.take(got) == wire::taken::one) kinds.push_back(got.index());
  CHECK(kinds == std::vector<std::size_t>{1, 2, 1});
  const int received = to.take_descriptor();
  CHECK(received >= 0);
  CHECK(to.take_descriptor() == -1);
  ::close(received);
  ::close(file);
}

TEST_CASE("wire: a length beyond the bound ends the conversation") {
  socket_pair pair;
  wire::channel to{pair.ends[1]};
  const std::array<std::uint8_t, 5> lie{0xff, 0xff, 0xff, 0x7f, 0};
  REQUIRE(::write(pair.ends[0], lie.data(), lie.size()) == 5);
  REQUIRE(to.fill() == wire::io::done);
  wire::to_child got;
  CHECK(to.take(got) == wire::taken::broken);
}
