// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>  // boost/asio.hpp 1.74 needs it in C++20 and does not include it
//
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <memory>

#include "gateway/detail/server_context.hpp"

namespace vigie::gateway::detail {

/// Upgrades a connection to a WebSocket and sends a camera's live stream until the viewer leaves,
/// the session ends or the server stops; owns itself. [gateway io thread]
void serve_live(boost::beast::tcp_stream stream,
                boost::beast::http::request<boost::beast::http::empty_body> request,
                media_claims claims, std::shared_ptr<server_context> context);

}  // namespace vigie::gateway::detail
