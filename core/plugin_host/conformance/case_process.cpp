// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/case_process.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "plugin_host/access_audit.hpp"
#include "plugin_host/child_process.hpp"

namespace vigie::plugin_host::conformance {
namespace {

constexpr std::size_t most_attempts = 16;

class supervisor {
 public:
  supervisor(const std::filesystem::path& host_program, const check_order& order, const clock& time)
      : order_{order},
        time_{time},
        network_{{network_reach::recipient}, {"127.0.0.1", "::1"}, time},
        began_{time.mono()} {
    auto child = child_process::spawn(host_program, {"check"});
    if (!child) {
      finish(case_state::failed, to_string(child.error()));
      return;
    }
    child_.emplace(std::move(*child));
    channel_.emplace(child_->channel());
    to_case message{order};
    channel_->put(message);
    expect("its process to start", 10'000);
  }

  case_outcome run() {
    while (!over_) turn();
    outcome_.took = std::chrono::milliseconds{(time_.mono() - began_) / 1'000'000};
    return std::move(outcome_);
  }

 private:
  void expect(std::string what, std::uint32_t limit_ms) {
    doing_ = std::move(what);
    limit_ms_ = limit_ms;
    since_ = time_.mono();
  }
  void finish(case_state state, std::string detail) {
    over_ = true;
    outcome_.state = state;
    outcome_.detail = std::move(detail);
  }

  void turn() {
    if (channel_->flush() == wire::io::closed) return left();
    const auto out = channel_->waiting_bytes() > 0 ? POLLOUT : 0;
    std::array<pollfd, 2> ready{{{child_->channel(), static_cast<short>(POLLIN | out), 0},
                                 {audit_ ? audit_->descriptor() : -1, POLLIN, 0}}};
    ::poll(ready.data(), ready.size(), 25);
    if (audit_) audit(ready[1].revents);
    if ((ready[0].revents & (POLLIN | POLLHUP)) != 0) receive();
    if (over_) return;
    const auto waited_ms = (time_.mono() - since_) / 1'000'000;
    if (waited_ms > std::int64_t{limit_ms_} * patience)
      finish(case_state::failed, doing_ + " did not return in " + std::to_string(waited_ms) +
                                     " ms; a centre waits " + std::to_string(limit_ms_) + " ms");
  }

  void audit(short events) {
    const auto on_attempt = [this](fault, const std::string& what) { attempted(what); };
    audit_->tell_late(on_attempt);
    const bool goes_on = (events & POLLIN) != 0 ? audit_->judge_one(on_attempt)
                                                : (events & (POLLHUP | POLLERR)) == 0;
    if (!goes_on) audit_.reset();
  }

  void receive() {
    const auto state = channel_->fill();
    while (!over_) {
      from_case message;
      const auto taken = channel_->take(message);
      if (taken == wire::taken::broken)
        return finish(case_state::failed, "its process wrote nonsense on its channel");
      if (taken != wire::taken::one) break;
      std::visit([this](auto& one) { on(one); }, message);
    }
    if (!over_ && state == wire::io::closed) left();
  }

  void on(wire::hello& said) {
    outcome_.sandbox_layers = said.sandbox_layers;
    const int descriptor = said.has_audit ? channel_->take_descriptor() : -1;
    if (descriptor < 0) return;
    audit_ = std::make_unique<access_audit>(
        descriptor, child_->pid(), std::filesystem::path{order_.plugin.library}.parent_path(),
        order_.plugin.files, order_.plugin.may_use_network, network_);
  }
  void on(step& said) { expect(std::move(said.what), said.limit_ms); }
  void on(verdict& said) {
    const auto state = static_cast<case_state>(said.state);
    if (state != case_state::passed && state != case_state::failed && state != case_state::skipped)
      return finish(case_state::failed, "its process wrote nonsense on its channel");
    finish(state, std::move(said.text));
  }

  /// The process is gone before its verdict.
  void left() {
    const auto deadline = time_.mono() + 2'000'000'000;
    while (child_->alive() && time_.mono() < deadline) ::poll(nullptr, 0, 1);
    const auto& ending = child_->ending();
    finish(case_state::failed,
           (ending.starts_with("signal") ? "its process crashed (" + ending + ")"
                                         : "it ended its process (" + ending + ")") +
               " during " + doing_);
  }

  void attempted(const std::string& what) {
    // Nobody is reachable here: a plugin that may use the network is not blamed for trying.
    if (order_.plugin.may_use_network && what.find("reach an address") != std::string::npos) return;
    auto& all = outcome_.attempts;
    if (all.size() < most_attempts && std::find(all.begin(), all.end(), what) == all.end())
      all.push_back(what);
  }

  const check_order& order_;
  const clock& time_;
  network_policy network_;
  mono_ns began_;
  std::optional<child_process> child_;
  std::optional<wire::channel> channel_;
  std::unique_ptr<access_audit> audit_;
  std::string doing_;
  std::uint32_t limit_ms_ = 0;
  mono_ns since_ = 0;
  bool over_ = false;
  case_outcome outcome_;
};

}  // namespace

case_outcome run_case(const std::filesystem::path& host_program, const check_order& order,
                      const clock& time) {
  return supervisor{host_program, order, time}.run();
}

}  // namespace vigie::plugin_host::conformance
