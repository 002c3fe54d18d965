// SPDX-License-Identifier: Apache-2.0
// The life cycle of one instance, in the order of plugin.h and in every wrong one.
#include <array>
#include <cstring>
#include <string>

#include "plugin_host/conformance/child/cases.hpp"
#include "plugin_host/conformance/child/subject.hpp"

namespace vigie::plugin_host::conformance::child {
namespace {

constexpr std::uint64_t some_camera = 7;

std::string_view view(vigie_str_t text) {
  return text.data == nullptr ? std::string_view{}
                              : std::string_view{text.data, static_cast<std::size_t>(text.length)};
}
vigie_str_t str(std::string_view text) { return {text.data(), text.size()}; }

/// A step of the life cycle that came too early must be refused with VIGIE_E_STATE.
bool is_state_refusal(case_run& run, const reply& got, const char* what) {
  return run.holds(
      got.status == VIGIE_E_STATE,
      std::string{what} + " answered " + name_of_status(got.status) + " instead of VIGIE_E_STATE");
}

/// Any other call that came too early must not succeed.
bool is_refused(case_run& run, const reply& got, const char* what) {
  return run.holds(!got.ok(), std::string{what} + " answered VIGIE_OK");
}

/// What the manifest promised and the running instance does.
bool agrees(case_run& run, const subject& s) {
  const auto& order = run.order;
  const auto* const descriptor = s.library().descriptor;
  if (VIGIE_HAS(descriptor, vigie_plugin_descriptor_t, version) &&
      !run.holds(view(descriptor->version) == order.version,
                 "the descriptor says version \"" + std::string{view(descriptor->version)} +
                     "\", plugin.toml \"" + order.version + "\""))
    return false;
  if (s.analytics() == nullptr) return true;
  const auto& table = *s.analytics();
  return run.holds(table.analytics_class == order.analysis,
                   "its class is not the one of plugin.toml") &&
         run.holds(
             table.pixel_format == VIGIE_PIXEL_GRAY8 || table.pixel_format == VIGIE_PIXEL_I420,
             "it asks for a pixel format that is none") &&
         run.holds(table.width <= 4096 && table.height <= 4096, "it asks for pictures beyond 4096");
}

}  // namespace

void load(case_run& run, const clock&) {
  const auto& plugin = run.order.plugin;
  run.begin("opening the library", call_deadlines{}.load);
  const auto loaded = load_plugin(plugin.library, plugin.id, plugin.kind);
  if (!loaded) return run.fail(loaded.error().detail);
  const auto& entry = *loaded->entry;
  const std::string folder = plugin.library.substr(0, plugin.library.rfind('/'));
  vigie_error_t told{sizeof told, 0, {}};
  run.begin("entry.init a second time", call_deadlines{}.load);
  if (!run.holds(entry.init(str(folder), &told) == VIGIE_OK, "a second entry.init failed")) return;
  run.begin("entry.deinit", call_deadlines{}.stop);
  entry.deinit();
  // One of two inits is undone: the factory is still there.
  run.begin("factory after the first of two deinits", call_deadlines{}.control);
  const auto again = load_plugin(plugin.library, plugin.id, plugin.kind);
  run.holds(again.has_value() && again->factory->count() >= 1,
            "after init, init, deinit the factory is gone: entry.init is to be counted");
}

void factories(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.load()) return;
  const auto& entry = *s.library().entry;
  const auto& factory = *s.library().factory;
  for (const char* id :
       {"", "vigie.factory.protocol", "vigie.factory.protocol/", "vigie.factory.",
        "vigie.factory.protocol/1x", "vigie.factory.analytics/10", "vigie.factory.notifier/1 ",
        "VIGIE.FACTORY.PROTOCOL/1", "/1", "nothing"}) {
    run.begin(std::string{"get_factory(\""} + id + "\")", call_deadlines{}.control);
    if (!run.holds(entry.get_factory(id) == nullptr,
                   std::string{"get_factory(\""} + id + "\") is not null"))
      return;
  }
  run.begin("descriptor beyond count", call_deadlines{}.control);
  const auto count = factory.count();
  for (const auto index : {count, count + 1, UINT32_MAX})
    if (!run.holds(factory.descriptor(index) == nullptr, "descriptor(" + std::to_string(index) +
                                                             ") of " + std::to_string(count) +
                                                             " is not null"))
      return;
  const auto& id = run.order.plugin.id;
  s.host().enter("from create", false);
  for (const auto& wrong : {std::string{}, id + "x", id.substr(0, id.size() - 1), std::string{"x"},
                            id + '\0', std::string(4096, 'a')}) {
    run.begin("create of an unknown id", call_deadlines{}.control);
    if (!run.holds(factory.create(s.host().abi(), str(wrong)) == nullptr,
                   "create made an instance of the unknown id \"" + wrong.substr(0, 60) + "\""))
      return;
  }
}

void other_abi(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.load()) return;
  for (const char* id :
       {"vigie.factory.protocol/2", "vigie.factory.analytics/2", "vigie.factory.notifier/2",
        "vigie.factory.protocol/0", "vigie.factory.analytics/0", "vigie.factory.notifier/0"}) {
    run.begin(std::string{"get_factory(\""} + id + "\")", call_deadlines{}.control);
    if (!run.holds(s.library().entry->get_factory(id) == nullptr,
                   std::string{"it has a factory "} + id + ", which no ABI knows"))
      return;
  }
  s.host().pretend_abi(VIGIE_ABI_MAJOR + 1);
  s.host().offer_nothing();
  run.begin("create for a host of ABI 2", call_deadlines{}.control);
  const auto* const made = s.library().factory->create(s.host().abi(), str(run.order.plugin.id));
  if (made == nullptr) return run.note("create refuses a host of another major");
  run.begin("destroy for a host of ABI 2", call_deadlines{}.stop);
  made->destroy(made);
}

void create_destroy(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.load()) return;
  for (int round = 0; round < 3; ++round) {
    if (!s.create()) return;
    s.destroy();
  }
}

void life(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.load() || !s.create()) return;
  if (const auto got = s.init(); !got.ok()) {
    const auto said = "init answered " + name_of_status(got.status) + ": " + got.text;
    if (!run.order.has_config && got.status == VIGIE_E_INVALID)
      run.skip(said + "; give --config");
    else
      run.fail(said);
    return s.destroy();
  }
  if (!s.find_tables() || !agrees(run, s)) return;
  if (const auto got = s.start(); !got.ok())
    run.fail("start answered " + name_of_status(got.status) + ": " + got.text);
  s.take_down();
}

void call_order(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.load() || !s.create()) return;
  if (!is_state_refusal(run, s.start(), "start before init")) return;
  if (!s.init().ok()) return run.skip("its init refuses the configuration: see \"life\"");
  if (!is_state_refusal(run, s.init(), "a second init")) return;
  if (!s.find_tables()) return;
  if (!s.start().ok()) return run.skip("it does not start: see \"life\"");
  if (!is_state_refusal(run, s.start(), "a second start")) return;
  if (!is_state_refusal(run, s.init(), "init after start")) return;
  s.take_down();
}

void not_started(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.initialise()) return;
  if (s.protocol() != nullptr) {
    const auto& address = run.order.cameras.front();
    if (!is_refused(run, s.attach(some_camera, address), "attach before start")) return;
    vigie_stream_t out{};
    out.size = sizeof out;
    if (!is_refused(run, s.resolve(some_camera, out), "resolve_stream before start")) return;
    if (s.protocol()->open_stream != nullptr) {
      if (!is_refused(run, s.open(some_camera), "open_stream before start")) return;
      s.close(some_camera);
    }
    s.detach(some_camera);
  } else if (s.analytics() != nullptr) {
    if (!is_refused(run, s.attach(some_camera, ""), "attach before start")) return;
    const std::array<std::uint8_t, 64 * 48> grey{};
    vigie_frame_t frame{};
    frame.size = sizeof frame;
    frame.pixel_format = VIGIE_PIXEL_GRAY8;
    frame.id = 1;
    frame.camera = some_camera;
    frame.width = 64;
    frame.height = 48;
    frame.plane_count = 1;
    frame.planes[0] = {grey.data(), 64, 48};
    if (!is_refused(run, s.show(frame), "on_frame before start")) return;
    s.detach(some_camera);
  } else if (s.notifier() != nullptr) {
    vigie_notification_t what{};
    what.size = sizeof what;
    what.status = VIGIE_NOTIFY_TEST;
    what.key = str("check-early");
    what.recipient = str("nobody");
    what.at_utc_us = time.utc();
    if (!is_refused(run, s.deliver(what), "deliver before start")) return;
    if (s.notifier()->probe != nullptr && !is_refused(run, s.probe("nobody"), "probe before start"))
      return;
  }
  s.take_down();
}

void stop_twice(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.initialise()) return;
  s.stop();
  for (int round = 0; round < 3; ++round) {
    if (const auto got = s.start(); !got.ok())
      return run.fail("start after stop answered " + name_of_status(got.status) + ": " + got.text);
    s.stop();
    s.stop();
  }
  s.take_down();
}

void failed_init(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.load()) return;
  int refused = 0;
  for (const char* wrong :
       {"", "{", "[]", "nul", "\"text\"", "{\"no_such_key_of_any_plugin\":1}"}) {
    if (!s.create()) return;
    refused += s.init(wrong).ok() ? 0 : 1;
    s.destroy();
  }
  if (refused == 0) run.note("it takes any configuration");
}

void extensions(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.initialise()) return;
  for (const char* id :
       {"", "vigie.nothing/1", "vigie.protocol", "vigie.protocol/2", "vigie.protocol/10",
        "vigie.analytics/1x", "vigie.notifier/1 ", "vigie.ptz/10", "/", "1"})
    if (!run.holds(s.get_extension(id) == nullptr,
                   std::string{"get_extension(\""} + id + "\") is not null"))
      return;
  s.take_down();

  subject bare{run, time};
  if (!bare.load() || !bare.create()) return;
  bare.host().offer_nothing();
  const auto got = bare.init();
  if (!got.ok()) {
    run.note("without the host's extensions its init says " + name_of_status(got.status));
    return bare.destroy();
  }
  if (!bare.find_tables()) return;
  bare.start();
  bare.take_down();
}

void older_host(case_run& run, const clock& time) {
  subject s{run, time};
  if (!s.load() || !s.create()) return;
  constexpr auto control = host_table::tag::control;
  constexpr std::string_view wrong = "[";
  s.host().enter("within init", true);
  // start before init fails, so it must have written to `error` or known better.
  s.call("start without an error slot", control, call_deadlines{}.load,
         [&](vigie_error_t&) { return s.raw()->start(s.raw(), nullptr); });
  s.call("init without an error slot", control, call_deadlines{}.load,
         [&](vigie_error_t&) { return s.raw()->init(s.raw(), str(wrong), nullptr); });
  s.destroy();
  for (const std::uint32_t size : {4U, 8U, 16U}) {
    if (!s.create()) return;
    vigie_error_t slot{};
    std::memset(static_cast<void*>(&slot), 0x5a, sizeof slot);
    slot.size = size;
    s.host().enter("within init", true);
    s.call("init with an error slot of " + std::to_string(size) + " bytes", control,
           call_deadlines{}.load,
           [&](vigie_error_t&) { return s.raw()->init(s.raw(), str(wrong), &slot); });
    const auto* const bytes = reinterpret_cast<const unsigned char*>(&slot);
    for (std::size_t at = size; at < sizeof slot; ++at)
      if (!run.holds(bytes[at] == 0x5a, "it wrote byte " + std::to_string(at) +
                                            " of an error slot of " + std::to_string(size)))
        return;
    if (!run.holds(slot.size == size, "it changed the size of the error slot")) return;
    s.destroy();
  }
}

}  // namespace vigie::plugin_host::conformance::child
