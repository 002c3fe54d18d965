// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/suite.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vigie/version.h>

#include <algorithm>
#include <optional>
#include <set>

#include "plugin_host/sandbox.hpp"

namespace vigie::plugin_host::conformance {
namespace {

/// A place on loopback that takes connections and never says a word.
class mute_peer {
 public:
  mute_peer() : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    auto* const address = reinterpret_cast<sockaddr*>(&here);
    if (::bind(socket_, address, size) == 0 && ::listen(socket_, 128) == 0 &&
        ::getsockname(socket_, address, &size) == 0)
      place_ = "127.0.0.1:" + std::to_string(ntohs(here.sin_port));
  }
  ~mute_peer() {
    if (socket_ >= 0) ::close(socket_);
  }
  mute_peer(const mute_peer&) = delete;
  mute_peer& operator=(const mute_peer&) = delete;
  const std::string& place() const noexcept { return place_; }

 private:
  int socket_;
  std::string place_ = "127.0.0.1:9";
};

class suite {
 public:
  suite(const suite_options& options, const clock& time,
        const std::function<void(const suite_report&)>& on_case)
      : options_{options}, time_{time}, on_case_{on_case} {}

  result<suite_report> run(const std::filesystem::path& plugin) {
    std::error_code code;
    const auto given = std::filesystem::absolute(plugin, code).lexically_normal();
    if (!std::filesystem::exists(given, code))
      return fail(errc::not_found, plugin.string() + " is not there");
    const bool is_folder = std::filesystem::is_directory(given, code);
    const auto folder = is_folder ? given : given.parent_path();
    if (!check_manifest(folder, is_folder ? std::filesystem::path{} : given.filename()))
      return std::move(report_);
    prepare();
    for (const auto& one : all_cases()) {
      if (one.name == manifest_case || one.name == permissions_case) continue;
      if (!one.is_for(report_.manifest.kind) || !is_wanted(one)) continue;
      order_.case_name = one.name;
      auto outcome = run_case(options_.host_program, order_, time_);
      attempts_.insert(outcome.attempts.begin(), outcome.attempts.end());
      layers_ &= outcome.sandbox_layers != 0 ? outcome.sandbox_layers : layers_;
      add(one, outcome.state, std::move(outcome.detail), outcome.took);
    }
    finish();
    return std::move(report_);
  }

 private:
  bool is_wanted(const case_info& one) const {
    return options_.only_case.empty() || options_.only_case == one.name;
  }
  void add(const case_info& about, case_state state, std::string detail,
           std::chrono::milliseconds took = {}) {
    report_.cases.push_back({&about, state, std::move(detail), took});
    if (on_case_) on_case_(report_);
  }

  bool check_manifest(const std::filesystem::path& folder, const std::filesystem::path& library) {
    const auto& about = *find_case(manifest_case);
    auto found = read_manifest(folder);
    if (!found) return add(about, case_state::failed, found.error().detail), false;
    report_.manifest = std::move(*found);
    if (!library.empty() && library != report_.manifest.library) {
      add(about, case_state::failed,
          "plugin.toml is about " + report_.manifest.library.string() + ", not " +
              library.string());
      return false;
    }
    if (report_.manifest.abi_major != VIGIE_ABI_MAJOR) {
      add(about, case_state::failed,
          "it says ABI " + std::to_string(report_.manifest.abi_major) + ", a centre of today has " +
              std::to_string(VIGIE_ABI_MAJOR));
      return false;
    }
    auto checked = check_library(folder, report_.manifest);
    if (!checked) return add(about, case_state::failed, checked.error().detail), false;
    report_.library = std::move(*checked);
    if (is_wanted(about)) add(about, case_state::passed, {});
    return true;
  }

  void prepare() {
    const auto& m = report_.manifest;
    order_.plugin.library = report_.library.string();
    order_.plugin.id = m.id;
    order_.plugin.kind = static_cast<std::uint8_t>(m.kind);
    order_.plugin.events = m.events;
    order_.plugin.config_json = options_.config_json;
    order_.plugin.may_use_network = !m.network.empty();
    for (const auto& file : m.files) order_.plugin.files.push_back(file.string());
    order_.version = m.version;
    order_.analysis = m.analysis ? static_cast<std::uint8_t>(*m.analysis) : 0;
    order_.has_config = options_.has_config;
    order_.seed = options_.seed;
    order_.recipients = options_.recipients;
    order_.cameras = order_.mute_cameras = options_.cameras;
    if (!options_.cameras.empty()) return;
    // Port 9 (discard, RFC 863) refuses on any machine of today.
    for (const char* scheme : {"http://", "rtsp://"}) {
      order_.cameras.push_back(std::string{scheme} + "127.0.0.1:9/check-{n}");
      order_.mute_cameras.push_back(scheme + mute_.place() + "/check-{n}");
    }
  }

  void finish() {
    const auto& about = *find_case(permissions_case);
    if (is_wanted(about) && options_.only_case.empty()) {
      if (attempts_.empty())
        add(about, case_state::passed, {});
      else
        add(about, case_state::failed, *attempts_.begin());
    }
    const auto missing = all_plugin_layers & ~layers_;
    if (missing != 0) report_.missing_protection = describe_layers(missing);
  }

  const suite_options& options_;
  const clock& time_;
  const std::function<void(const suite_report&)>& on_case_;
  mute_peer mute_;
  suite_report report_;
  check_order order_;
  std::set<std::string> attempts_;
  std::uint32_t layers_ = all_plugin_layers;
};

}  // namespace

std::size_t suite_report::count(case_state state) const noexcept {
  return static_cast<std::size_t>(std::count_if(
      cases.begin(), cases.end(), [&](const case_report& one) { return one.state == state; }));
}

result<suite_report> check_plugin(const std::filesystem::path& plugin, const suite_options& options,
                                  const clock& time,
                                  const std::function<void(const suite_report&)>& on_case) {
  return suite{options, time, on_case}.run(plugin);
}

}  // namespace vigie::plugin_host::conformance
