// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vigie/types.h>

#include <string>
#include <utility>
#include <variant>

#include "plugin_host/runner.hpp"
#include "plugin_host/runtime.hpp"
#include "plugin_host/screen.hpp"

// A plugin's answers in the words of the runtime's callers. Private to the module.
namespace vigie::plugin_host::detail {

inline errc code_of(std::int32_t status) noexcept {
  switch (status) {
    case VIGIE_E_NOT_FOUND:
      return errc::not_found;
    case VIGIE_E_DENIED:
      return errc::access_denied;
    case VIGIE_E_AUTH:
      return errc::auth_rejected;
    case VIGIE_E_IO:
      return errc::io_failed;
    case VIGIE_E_TIMEOUT:
      return errc::child_timeout;
    case VIGIE_E_INVALID:
      return errc::config_invalid;
    default:
      return errc::child_failed;
  }
}

inline error error_of(const answer& said) {
  return {code_of(said.status), said.text.empty()
                                    ? "the plugin answered " + std::to_string(said.status)
                                    : printable(said.text, 300)};
}

inline error not_running(const std::string& plugin) {
  return {errc::child_failed, "plugin " + plugin + " is not running"};
}

inline runner::answer_function to_answer(runtime::answer_to<void> done) {
  return [done = std::move(done)](answer said) {
    if (!done) return;
    if (said.status != VIGIE_OK) return done(tl::unexpected{error_of(said)});
    done({});
  };
}

template <class T>
runner::answer_function to_answer(runtime::answer_to<T> done) {
  return [done = std::move(done)](answer said) {
    if (!done) return;
    if (said.status != VIGIE_OK) return done(tl::unexpected{error_of(said)});
    auto* const value = std::get_if<T>(&said.value);
    if (value == nullptr) return done(fail(errc::child_failed, "an answer without its value"));
    done(std::move(*value));
  };
}

}  // namespace vigie::plugin_host::detail
