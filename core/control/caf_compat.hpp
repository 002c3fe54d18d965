// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/exit_reason.hpp>
#include <caf/message.hpp>
#include <caf/replies_to.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/system_messages.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

// The only place that knows which CAF this is (0.17.6, Debian 12). The actors use what is declared
// here and the parts of CAF that did not change up to 1.x: spawning, stateful actors, quit,
// monitor.
namespace vigie::control {

/// A message without an answer, as part of a typed interface.
template <class Message>
using takes = caf::reacts_to<Message>;
/// A request and its answer.
template <class Request, class Answer>
using answers = typename caf::replies_to<Request>::template with<Answer>;

template <class Handle, class Message>
inline constexpr bool accepts =
    caf::response_type_unbox<typename Handle::signatures,
                             caf::detail::type_list<std::decay_t<Message>>>::valid;

/// Sends. The interface is checked here; the message is built out of line by `as_message`, because
/// in 0.17 every distinct message type sent costs a third of a second of compilation per file.
template <class Handle, class Message>
void tell(const Handle& to, Message message) {
  static_assert(accepts<Handle, Message>, "the receiver's interface has no such message");
  caf::anon_send(caf::actor_cast<caf::actor>(to), as_message(std::move(message)));
}

/// Sends past everything that waits in the receiver's mailbox.
template <class Handle, class Message>
void tell_urgently(const Handle& to, Message message) {
  static_assert(accepts<Handle, Message>, "the receiver's interface has no such message");
  caf::anon_send<caf::message_priority::high>(caf::actor_cast<caf::actor>(to),
                                              as_message(std::move(message)));
}

/// Sends `message` to the caller itself after `delay`.
template <class Self, class Message>
void remind(Self* self, std::chrono::nanoseconds delay, Message message) {
  caf::delayed_anon_send(caf::actor_cast<caf::actor>(self), delay, as_message(std::move(message)));
}

/// Ends an actor in order, before it looks at the rest of its mailbox (a plain exit would queue).
template <class Handle>
void dismiss(const Handle& actor) {
  caf::anon_send<caf::message_priority::high>(
      caf::actor_cast<caf::actor>(actor),
      caf::exit_msg{caf::actor_addr{}, make_error(caf::exit_reason::user_shutdown)});
}

/// An exception ends the actor, and its text reaches the parent as the reason. Without this, CAF
/// prints it and forgets it.
template <class Self>
void crash_with_reason(Self* self) {
  self->set_exception_handler([](std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      return make_error(caf::sec::runtime_error, std::string{e.what()});
    } catch (...) {
      return make_error(caf::sec::runtime_error, std::string{"not a std::exception"});
    }
  });
}

/// `f(address of the dead, reason in words)`, for every actor the caller monitors.
template <class Self, class F>
void when_down(Self* self, F f) {
  self->set_down_handler([self, f](caf::down_msg& message) {
    f(message.source, self->system().render(message.reason));
  });
}

/// `f()` before the actor ends on request.
template <class Self, class F>
void when_dismissed(Self* self, F f) {
  self->set_exit_handler([self, f](caf::exit_msg& message) {
    if (!message.reason) return;
    f();
    self->quit(std::move(message.reason));
  });
}

/// Ends the calling actor after the present handler.
template <class Self>
void leave(Self* self) {
  self->quit(caf::exit_reason::user_shutdown);
}

}  // namespace vigie::control
