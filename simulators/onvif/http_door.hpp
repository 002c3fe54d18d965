// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "base/result.hpp"
#include "onvif/device.hpp"

namespace vigie::simulators::onvif {

/// One device's HTTP port: accepts, reads POSTs, hands them over, writes the replies.
class http_door {
 public:
  using handler = std::function<void(const http_question&, const replier&)>;
  /// Errors: io_failed, naming address and port.
  static result<std::shared_ptr<http_door>> open(boost::asio::io_context& io,
                                                 const std::string& address, std::uint16_t port,
                                                 handler on_question);
  virtual ~http_door() = default;
};

}  // namespace vigie::simulators::onvif
