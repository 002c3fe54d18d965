// SPDX-License-Identifier: Apache-2.0
#include "fuzz/target.hpp"
#include "plugin_host/wire.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;
namespace host = vigie::plugin_host;

/// Bytes of a child (or, against a child, of the centre) as a message: what unpacks whole packs to
/// a form that unpacks to itself.
template <class Message>
void there_and_back(byte_view bytes) {
  Message message;
  host::archive::unpacker unpack{bytes};
  unpack(message);
  if (!unpack.complete()) return;
  std::vector<std::uint8_t> first, second;
  host::archive::packer{first}(message);
  require(first.size() == bytes.size(), "a message has one length");
  Message again;
  host::archive::unpacker unpack_again{first};
  unpack_again(again);
  require(unpack_again.complete(), "what we pack can be unpacked");
  host::archive::packer{second}(again);
  require(first == second, "packed, unpacked, packed: the same bytes");
}

void run(byte_view bytes) {
  input in{bytes};
  const bool is_from_child = (in.u8() & 1) != 0;
  const auto own = copy_of(in.rest());
  if (is_from_child)
    there_and_back<host::wire::from_child>(own);
  else
    there_and_back<host::wire::to_child>(own);
}

template <class Message>
std::string seed(char control, Message message) {
  std::vector<std::uint8_t> bytes;
  host::archive::packer{bytes}(message);
  return control + std::string{text_of(bytes)};
}

std::vector<std::string> seeds() {
  using namespace host;
  const auto call = [](auto what) {
    return seed(0, wire::to_child{wire::numbered_call{7, {what}}});
  };
  const auto notice = [](auto what) { return seed(1, wire::from_child{host::notice{what}}); };
  const auto answer = [](auto value) {
    return seed(1, wire::from_child{wire::numbered_answer{7, {0, "text", value}}});
  };
  return {call(attach_call{1, "cam-1", "rtsp://127.0.0.1/", "u", "p", "{}"}),
          call(ptz_move_call{1, 0.5, -0.5, 0, 100}),
          call(set_mask_call{1, {"m", {0, 0, 10, 0, 10, 10}}}),
          call(deliver_call{}),
          seed(0, wire::to_child{wire::frame_offer{}}),
          answer(std::vector<discovered_device>{{"a", "b", "c"}, {"d", "e", "f"}}),
          answer(std::vector<ptz_preset>{{"1", "gate"}}),
          answer(stream_place{}),
          notice(packet_notice{1, {1, true, false, 1, 0, 0, {0x67}, {0x65, 0x88}}}),
          notice(device_event_notice{}),
          notice(detection_notice{}),
          notice(log_notice{})};
}

const registration self{
    {"plugin_wire",
     run,
     seeds,
     {"\xff\xff\xff\xff", "\xff\xff\xff\x7f", std::string_view{"\x01\0\0\0", 4}}}};

}  // namespace
