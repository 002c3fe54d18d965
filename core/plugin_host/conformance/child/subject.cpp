// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/child/subject.hpp"

#include <array>
#include <cstring>

#include "plugin_host/screen.hpp"

namespace vigie::plugin_host::conformance::child {
namespace {

using tag = host_table::tag;
constexpr call_deadlines deadlines;

vigie_str_t str(std::string_view text) { return {text.data(), text.size()}; }

/// A table of the plugin that is at least as long as that of ABI 1.0.
template <class Table>
const Table* whole(const void* found) {
  const auto* const table = static_cast<const Table*>(found);
  return table != nullptr && table->size >= sizeof(Table) ? table : nullptr;
}

}  // namespace

std::string name_of_status(std::int32_t status) {
  constexpr std::array names{"VIGIE_OK",        "VIGIE_E_INTERNAL",    "VIGIE_E_INVALID",
                             "VIGIE_E_STATE",   "VIGIE_E_UNSUPPORTED", "VIGIE_E_NOT_FOUND",
                             "VIGIE_E_DENIED",  "VIGIE_E_AUTH",        "VIGIE_E_IO",
                             "VIGIE_E_TIMEOUT", "VIGIE_E_BUSY"};
  if (status > 0 || status < VIGIE_E_BUSY) return std::to_string(status);
  return names[static_cast<std::size_t>(-status)];
}

std::string address_of(std::string pattern, std::uint64_t number) {
  if (const auto at = pattern.find("{n}"); at != std::string::npos)
    pattern.replace(at, 3, std::to_string(number));
  return pattern;
}

subject::subject(case_run& run, const clock& time)
    : run_{run}, host_{run.order.plugin.kind, run.order.plugin.events, time} {}

std::chrono::milliseconds subject::device_deadline() const {
  return run_.order.plugin.may_use_network ? deadlines.device : deadlines.control;
}

void subject::judge(const std::string& what, reply& got, const vigie_error_t& slot) {
  if (got.status > 0 || got.status < VIGIE_E_BUSY) {
    run_.fail(what + " answered " + std::to_string(got.status) + ", which is no VIGIE_ status");
    got.status = VIGIE_E_INTERNAL;
  }
  const auto length = ::strnlen(slot.text, sizeof slot.text);
  if (length == sizeof slot.text) run_.fail("the error text of " + what + " does not end");
  got.text = printable({slot.text, length}, 160);
}

bool subject::load() {
  run_.begin("opening the library", deadlines.load);
  const auto& plugin = run_.order.plugin;
  auto loaded = load_plugin(plugin.library, plugin.id, plugin.kind);
  if (!loaded) {
    run_.skip("it does not load: see \"load\"");
    return false;
  }
  library_ = *loaded;
  return true;
}

bool subject::create() {
  host_.enter("from create", false);
  plugin_ = nullptr;
  call("create", tag::control, deadlines.control, [&](vigie_error_t&) {
    plugin_ = library_.factory->create(host_.abi(), str(run_.order.plugin.id));
    return VIGIE_OK;
  });
  if (broken_) return false;
  host_.enter("between create and init", false);
  return run_.holds(plugin_ != nullptr && plugin_->size >= sizeof(vigie_plugin_t) &&
                        plugin_->init != nullptr && plugin_->start != nullptr &&
                        plugin_->stop != nullptr && plugin_->destroy != nullptr &&
                        plugin_->get_extension != nullptr,
                    "create gave no complete instance");
}

reply subject::init(std::string_view config) {
  host_.enter("within init", true);
  auto got = call("init", tag::control, deadlines.load,
                  [&](vigie_error_t& slot) { return plugin_->init(plugin_, str(config), &slot); });
  host_.enter("after init returned", false);
  return got;
}

reply subject::start() {
  host_.enter("within start", true);
  auto got = call("start", tag::control, deadlines.load,
                  [&](vigie_error_t& slot) { return plugin_->start(plugin_, &slot); });
  is_started_ = is_started_ || got.ok();
  if (!is_started_) host_.enter("after start failed", false);
  return got;
}

void subject::stop() {
  call("stop", tag::control, deadlines.stop, [&](vigie_error_t&) {
    plugin_->stop(plugin_);
    return VIGIE_OK;
  });
  is_started_ = false;
  host_.enter("after stop returned", false);
}

void subject::destroy() {
  host_.enter("from destroy", false);
  call("destroy", tag::control, deadlines.stop, [&](vigie_error_t&) {
    plugin_->destroy(plugin_);
    return VIGIE_OK;
  });
  plugin_ = nullptr;
  protocol_ = nullptr;
  analytics_ = nullptr;
  notifier_ = nullptr;
  host_.enter("after destroy returned", false);
}

const void* subject::get_extension(const char* id) {
  const void* found = nullptr;
  call("get_extension", tag::control, deadlines.control, [&](vigie_error_t&) {
    found = plugin_->get_extension(plugin_, id);
    return VIGIE_OK;
  });
  return found;
}

bool subject::find_tables() {
  bool complete = false;
  switch (run_.order.plugin.kind) {
    case VIGIE_KIND_PROTOCOL:
      protocol_ = whole<vigie_protocol_t>(get_extension(VIGIE_EXT_PROTOCOL));
      complete = protocol_ != nullptr && protocol_->attach != nullptr &&
                 protocol_->detach != nullptr && protocol_->resolve_stream != nullptr &&
                 (protocol_->open_stream == nullptr) == (protocol_->close_stream == nullptr);
      break;
    case VIGIE_KIND_ANALYTICS:
      analytics_ = whole<vigie_analytics_t>(get_extension(VIGIE_EXT_ANALYTICS));
      complete = analytics_ != nullptr && analytics_->attach != nullptr &&
                 analytics_->detach != nullptr && analytics_->on_frame != nullptr;
      break;
    default:
      notifier_ = whole<vigie_notifier_t>(get_extension(VIGIE_EXT_NOTIFIER));
      complete = notifier_ != nullptr && notifier_->deliver != nullptr;
  }
  return run_.holds(complete, "the table of its kind is missing or incomplete");
}

bool subject::initialise() {
  if (!load() || !create()) return false;
  if (const auto got = init(); !got.ok()) {
    run_.skip(run_.order.has_config ? "its init refuses the configuration: see \"life\""
                                    : "its init refuses {} (" + got.text + "); give --config");
    return false;
  }
  return find_tables();
}

bool subject::bring_up() {
  if (!initialise()) return false;
  if (start().ok()) return true;
  run_.skip("it does not start: see \"life\"");
  return false;
}

void subject::take_down() {
  if (plugin_ == nullptr || broken_) return;
  if (is_started_) stop();
  destroy();
}

reply subject::attach(const vigie_camera_t& camera) {
  host_.table().tell_screen([&](screen& s) { s.attached(camera.handle); });
  auto got = call("attach", tag::control, deadlines.control, [&](vigie_error_t& slot) {
    if (protocol_ != nullptr) return protocol_->attach(plugin_, &camera, &slot);
    const vigie_analytics_camera_t seen{sizeof seen, 0, camera.handle, camera.id,
                                        camera.options_json};
    return analytics_->attach(plugin_, &seen, &slot);
  });
  if (!got.ok()) host_.table().tell_screen([&](screen& s) { s.detached(camera.handle); });
  return got;
}

reply subject::attach(std::uint64_t camera, const std::string& address) {
  const auto id = "check-" + std::to_string(camera);
  const auto whole_address = address_of(address, camera);
  return attach(vigie_camera_t{sizeof(vigie_camera_t), 0, camera, str(id), str(whole_address),
                               str("check"), str("check-password"), str("{}")});
}

void subject::detach(std::uint64_t camera) {
  call("detach", tag::control, deadlines.control, [&](vigie_error_t&) {
    if (protocol_ != nullptr) protocol_->detach(plugin_, camera);
    if (analytics_ != nullptr) analytics_->detach(plugin_, camera);
    return VIGIE_OK;
  });
  host_.table().tell_screen([&](screen& s) { s.detached(camera); });
}

std::string subject::find_address(const std::vector<std::string>& candidates) {
  std::string why;
  for (const auto& one : candidates) {
    const auto got = attach(1, one);
    if (got.ok()) {
      detach(1);
      return one;
    }
    why = got.text;
  }
  run_.skip("it takes none of the addresses tried (" + why + "); give --camera ADDRESS");
  return {};
}

reply subject::resolve(std::uint64_t camera, vigie_stream_t& out) {
  return call("resolve_stream", tag::worker, device_deadline(), [&](vigie_error_t& slot) {
    return protocol_->resolve_stream(plugin_, camera, &out, &slot);
  });
}

reply subject::open(std::uint64_t camera) {
  host_.stream_opened(camera);
  host_.table().tell_screen([&](screen& s) { s.opened(camera); });
  auto got = call("open_stream", tag::control, deadlines.control, [&](vigie_error_t& slot) {
    return protocol_->open_stream(plugin_, camera, &slot);
  });
  if (!got.ok()) host_.stream_closed(camera);
  return got;
}

void subject::close(std::uint64_t camera) {
  call("close_stream", tag::control, deadlines.control, [&](vigie_error_t&) {
    protocol_->close_stream(plugin_, camera);
    return VIGIE_OK;
  });
  host_.stream_closed(camera);
  host_.table().tell_screen([&](screen& s) { s.closed(camera); });
}

reply subject::show(const vigie_frame_t& frame) {
  host_.show(&frame);
  host_.table().tell_screen([&](screen& s) { s.frame_given(frame.id); });
  return call("on_frame", tag::worker, deadlines.frame,
              [&](vigie_error_t& slot) { return analytics_->on_frame(plugin_, &frame, &slot); });
}

reply subject::deliver(const vigie_notification_t& what) {
  host_.table().tell_screen([&](screen& s) {
    s.notification_given({what.key.data, what.key.length},
                         {what.recipient.data, what.recipient.length});
  });
  return call("deliver", tag::worker, device_deadline(),
              [&](vigie_error_t& slot) { return notifier_->deliver(plugin_, &what, &slot); });
}

reply subject::probe(std::string_view recipient) {
  return call("probe", tag::worker, device_deadline(), [&](vigie_error_t& slot) {
    return notifier_->probe(plugin_, str(recipient), &slot);
  });
}

}  // namespace vigie::plugin_host::conformance::child
