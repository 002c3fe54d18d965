// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/catalogue.hpp"

#include <algorithm>
#include <array>

namespace vigie::plugin_host::conformance {
namespace {

constexpr std::uint8_t bit(plugin_kind kind) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind));
}
constexpr std::uint8_t protocol = bit(plugin_kind::protocol);
constexpr std::uint8_t analytics = bit(plugin_kind::analytics);
constexpr std::uint8_t notifier = bit(plugin_kind::notifier);
constexpr std::uint8_t any = protocol | analytics | notifier;

constexpr std::array cases{
    case_info{manifest_case, "plugin.toml is read, its hash is the library's",
              "build again: vigie_add_plugin writes library and manifest together", any},
    case_info{"scan", "one symbol is exported, every symbol found, nothing odd linked",
              "link with vigie_add_plugin, or with its version script and -Wl,--no-undefined", any},
    case_info{"load", "the library opens; entry, factory and descriptor are as the manifest says",
              "compare plugin.toml with the id, kind and version in the code (entry.h)", any},
    case_info{"factories", "unknown factories, descriptors and ids are answered with null",
              "compare whole strings in get_factory and create; check the index in descriptor",
              any},
    case_info{"other_abi", "a host and a factory of another ABI major are refused or borne",
              "answer null for \"vigie.factory.…/2\"; touch nothing of a host you do not know",
              any},
    case_info{"create_destroy", "create without init, then destroy",
              "acquire nothing in create; destroy must cope with an instance that was never "
              "initialised",
              any},
    case_info{"life", "init, tables of its kind, start, stop, destroy",
              "see the error text; its configuration goes in --config", any},
    case_info{"call_order", "init twice, start before init, start twice: VIGIE_E_STATE",
              "keep the stage of the life cycle and answer VIGIE_E_STATE (plugin.h)", any},
    case_info{"not_started", "calls before start are refused",
              "answer VIGIE_E_STATE until start has succeeded", any},
    case_info{
        "stop_twice", "stop without start, stop twice, start after stop",
        "make stop harmless when nothing runs, and leave nothing behind that start trips over",
        any},
    case_info{"failed_init", "destroy after an init that failed",
              "release in destroy what a failed init has acquired, once", any},
    case_info{"extensions", "unknown extensions are null; a host without extensions is borne",
              "compare whole ids in get_extension; check what the host gives for null", any},
    case_info{"older_host", "error slots that are null or short are respected",
              "write to `error` only when it is not null, and below its size (VIGIE_HAS)", any},
    case_info{"config_fuzz", "mutated configurations are taken or refused as VIGIE_E_INVALID",
              "validate before use; `--seed` with the seed above brings the same configurations",
              any},
    case_info{"arguments", "strange values are refused, no exception crosses the line",
              "check strings and numbers; catch everything at the boundary (vigie/sdk.hpp does)",
              any},
    case_info{"manners", "no signal handler, no locale, nothing on stdout or stderr",
              "remove process-wide effects; write lines with vigie.log/1", any},
    case_info{"threads",
              "the host is called within init and start to stop; own threads end at stop",
              "join every thread in stop; stop calling the host before it returns", any},
    case_info{"leaks", "no memory, descriptor or thread is left by 50 lives",
              "free in destroy what create and init acquired, in stop what start and attach did",
              any},
    case_info{"unknown_camera", "calls about a camera that is not attached are refused",
              "look the handle up and answer VIGIE_E_NOT_FOUND",
              static_cast<std::uint8_t>(protocol | analytics)},
    case_info{"many_cameras", "100 cameras are attached and detached",
              "no fixed tables; detach ends everything of its camera",
              static_cast<std::uint8_t>(protocol | analytics)},
    case_info{"streams", "a stream is opened and closed 50 times; nothing is pushed after close",
              "end pushing before close_stream returns; take close_stream of a closed stream",
              protocol},
    case_info{"frame_sizes", "pictures of odd and smallest sizes are looked at within their bounds",
              "use width, height, stride and lines of each frame; never write to a plane",
              analytics},
    case_info{"events", "detections are of the manifest's types, in range, of its own cameras",
              "emit the types of [analytics] events only; scores 0..1, regions 0..1000", analytics},
    case_info{
        "deliveries", "an unknown recipient is not reported as reached; a key comes twice",
        "answer VIGIE_E_NOT_FOUND for recipients outside of the configuration; one effect per "
        "key",
        notifier},
    case_info{"probe", "probing answers, and causes no delivery",
              "ask for the path, deliver nothing", notifier},
    case_info{"stop_while_busy", "stop returns in time while its work waits for a mute peer",
              "wait with a timeout or an interruptible poll; wake your threads in stop", any},
    case_info{permissions_case, "nothing outside of the manifest's permissions was tried",
              "do without it, or declare it under [permissions] in plugin.toml", any},
};

}  // namespace

std::span<const case_info> all_cases() noexcept { return cases; }

const case_info* find_case(std::string_view name) noexcept {
  const auto found =
      std::find_if(cases.begin(), cases.end(), [&](const case_info& c) { return c.name == name; });
  return found == cases.end() ? nullptr : &*found;
}

}  // namespace vigie::plugin_host::conformance
