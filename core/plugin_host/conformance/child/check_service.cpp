// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/conformance/child/check_service.hpp"

#include <malloc.h>
#include <poll.h>
#include <unistd.h>

#include "plugin_host/child/plugin_sandbox.hpp"
#include "plugin_host/conformance/child/cases.hpp"
#include "plugin_host/screen.hpp"

namespace vigie::plugin_host::conformance::child {
namespace {

constexpr int done = 0;
constexpr int broken_channel = 71;
constexpr std::size_t longest_text = 600;

class reporter {
 public:
  explicit reporter(int socket) : socket_{socket}, channel_{socket} {}

  bool read(to_case& order) {
    while (true) {
      const auto state = channel_.take(order);
      if (state == wire::taken::one) return true;
      if (state == wire::taken::broken || channel_.fill() == wire::io::closed) return false;
    }
  }
  void send(from_case message, int descriptor = -1) {
    channel_.put(message, descriptor);
    while (true) {
      switch (channel_.flush()) {
        case wire::io::done:
          return;
        case wire::io::closed:
          ::_exit(done);
        case wire::io::again: {
          pollfd ready{socket_, POLLOUT, 0};
          ::poll(&ready, 1, -1);
        }
      }
    }
  }

 private:
  int socket_;
  wire::channel channel_;
};

}  // namespace

void serve_check(int channel) {
  ::mallopt(M_ARENA_MAX, 2);
  silence output;
  readings process;
  reporter reports{channel};
  to_case message;
  if (!reports.read(message)) ::_exit(broken_channel);
  const auto& order = std::get<check_order>(message);
  const auto function = find_function(order.case_name);
  if (function == nullptr) ::_exit(broken_channel);
  const auto entered = plugin_host::child::enter_plugin_sandbox(order.plugin);
  reports.send(wire::hello{entered.layers, entered.audit_descriptor >= 0},
               entered.audit_descriptor);
  if (entered.audit_descriptor >= 0) ::close(entered.audit_descriptor);

  system_clock time;
  case_run run{order, process, output, [&](step next) { reports.send(std::move(next)); }};
  function(run, time);
  auto found = run.result();
  found.text = printable(found.text, longest_text);
  reports.send(std::move(found));
  // Threads of a failed plugin may still run; nothing of them is waited for.
  ::_exit(done);
}

}  // namespace vigie::plugin_host::conformance::child
