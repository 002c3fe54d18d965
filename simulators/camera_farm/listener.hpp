// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "camera_farm/event_loop.hpp"

namespace vigie::simulators {

/// A listening TCP socket on one loopback address, or on all of them at once: a farm of thousands
/// needs one descriptor for that, and each connection tells which address it called.
class listener final : public event_handler {
 public:
  /// Gets an accepted socket and the address it was called by (IPv4, host order).
  using take = std::function<void(int fd, std::uint32_t called)>;

  /// `address` in host order; 0: every loopback address. Errors: io_failed.
  static result<std::unique_ptr<listener>> open(event_loop& loop, std::uint32_t address,
                                                std::uint16_t port, take with);
  ~listener() override;
  void on_ready(std::uint32_t events) override;

 private:
  listener(event_loop& loop, std::uint32_t address, int fd, take with)
      : loop_{loop}, address_{address}, fd_{fd}, take_{std::move(with)} {}
  event_loop& loop_;
  std::uint32_t address_;
  int fd_;
  take take_;
};

}  // namespace vigie::simulators
