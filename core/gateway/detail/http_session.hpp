// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>  // boost/asio.hpp 1.74 needs it in C++20 and does not include it
//
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "gateway/detail/server_context.hpp"

namespace vigie::gateway::detail {

/// Serves one accepted connection until it ends; owns itself. [gateway io thread]
void serve_http(boost::asio::ip::tcp::socket socket, std::shared_ptr<server_context> context);

}  // namespace vigie::gateway::detail
