// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vigie/sdk.h>

#include <chrono>
#include <deque>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "plugin_host/conformance/child/case_run.hpp"
#include "plugin_host/conformance/child/witness_host.hpp"
#include "plugin_host/loader.hpp"

namespace vigie::plugin_host::conformance::child {

/// What a call answered.
struct reply {
  std::int32_t status = VIGIE_E_INTERNAL;
  std::string text;
  bool ok() const noexcept { return status == VIGIE_OK; }
};

/// "VIGIE_E_STATE" for -3, …
std::string name_of_status(std::int32_t status);

/// One instance of the plugin under check. Every call is announced before it is made, an exception
/// that crosses the line fails the case, and after that nothing is called any more. Calls may be
/// made in any order, also in those a centre never makes.
class subject {
 public:
  subject(case_run& run, const clock& time);
  subject(const subject&) = delete;
  subject& operator=(const subject&) = delete;

  witness_host& host() noexcept { return host_; }
  const loaded_plugin& library() const noexcept { return library_; }
  const vigie_plugin_t* raw() const noexcept { return plugin_; }

  bool load();
  bool create();
  reply init(std::string_view config);
  reply init() { return init(run_.order.plugin.config_json); }
  reply start();
  void stop();
  void destroy();
  const void* get_extension(const char* id);
  /// Looks for the table of its kind; false (and the case failed) when it is not complete.
  bool find_tables();

  /// load, create, init, tables. False: the case is failed, or skipped because the plugin refuses
  /// the configuration, which is what the case "life" is about.
  bool initialise();
  bool bring_up();
  /// Stop and destroy, if it is still to be called at all.
  void take_down();

  const vigie_protocol_t* protocol() const noexcept { return protocol_; }
  const vigie_analytics_t* analytics() const noexcept { return analytics_; }
  const vigie_notifier_t* notifier() const noexcept { return notifier_; }

  // Cameras, of either kind
  reply attach(std::uint64_t camera, const std::string& address);
  reply attach(const vigie_camera_t& camera);
  void detach(std::uint64_t camera);
  /// The first address of the order the plugin takes, found with a camera that is detached again;
  /// empty when it takes none, and the case is skipped.
  std::string find_address(const std::vector<std::string>& candidates);

  reply resolve(std::uint64_t camera, vigie_stream_t& out);
  reply open(std::uint64_t camera);
  void close(std::uint64_t camera);
  reply show(const vigie_frame_t& frame);
  reply deliver(const vigie_notification_t& what);
  reply probe(std::string_view recipient);

  /// Runs any other call into the plugin in the same way.
  template <class Body>
  reply call(const std::string& what, host_table::tag tag, std::chrono::milliseconds deadline,
             Body body) {
    if (broken_) return {VIGIE_E_INTERNAL, "it is not called any more"};
    vigie_error_t slot{sizeof(vigie_error_t), 0, {}};
    run_.begin(what, deadline);
    const host_table::inside inside{host_.table(), tag};
    reply got;
    try {
      got.status = body(slot);
    } catch (...) {
      broken_ = true;
      run_.fail("an exception crossed the line in " + what);
      return {VIGIE_E_INTERNAL, "an exception"};
    }
    judge(what, got, slot);
    return got;
  }

 private:
  /// Who may not use the network asks nobody and has no reason to take long.
  std::chrono::milliseconds device_deadline() const;
  void judge(const std::string& what, reply& got, const vigie_error_t& slot);

  case_run& run_;
  witness_host host_;
  loaded_plugin library_;
  const vigie_plugin_t* plugin_ = nullptr;
  const vigie_protocol_t* protocol_ = nullptr;
  const vigie_analytics_t* analytics_ = nullptr;
  const vigie_notifier_t* notifier_ = nullptr;
  bool is_started_ = false;
  bool broken_ = false;
};

/// "{n}" in an address becomes the number.
std::string address_of(std::string pattern, std::uint64_t number);

}  // namespace vigie::plugin_host::conformance::child
