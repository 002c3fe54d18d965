// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <limits>

#include "base/ids.hpp"
#include "config/detail/readers.hpp"

namespace vigie::config::detail {
namespace {

/// Reads `[name]` when present: `read` takes it, then what it did not ask for is reported.
template <class Read>
void section(table_reader& root, std::string_view name, const reading& context, Read&& read) {
  const toml::table* const table = root.table(name);
  if (table == nullptr) return;
  table_reader reader{*table, fmt::format("[{}]", name), context.log};
  read(reader);
  reader.finish();
}

void take_text(table_reader& table, std::string_view key, std::string& out) {
  if (auto value = table.text(key)) out = std::move(value->value);
}

void take_path(table_reader& table, std::string_view key, const reading& context,
               std::filesystem::path& out) {
  const auto value = table.text(key);
  if (!value) return;
  if (value->value.empty())
    context.log.add(value->at, fmt::format("{} in {} is empty", key, table.title()),
                    "write a path, relative to this file or absolute");
  else
    out = resolve(context.base_dir, value->value);
}

/// A port and where it was written; line 0: it is the default.
struct port_setting {
  std::string_view name;
  std::uint16_t value = 0;
  place at;
};

port_setting take_port(table_reader& table, std::string_view key, std::string_view name,
                       std::uint16_t& out) {
  port_setting port{name, out, {}};
  if (const auto value = table.number(key, 1, 65'535)) {
    out = static_cast<std::uint16_t>(value->value);
    port.value = out;
    port.at = value->at;
  }
  return port;
}

/// An id that has a default.
void take_own_id(table_reader& table, std::string_view what, const reading& context,
                 std::string& out) {
  std::map<std::string, place> seen;
  if (!table.key_place("id")) return;
  if (auto id = take_id(table, "id", what, seen, context)) out = std::move(*id);
}

void read_centre(table_reader& table, const reading& context, centre_config& out) {
  take_own_id(table, "centre", context, out.topology.centre_id);
  out.topology.centre_name = out.topology.centre_id;
  take_text(table, "name", out.topology.centre_name);
  take_text(table, "department", out.topology.department);
  take_path(table, "data_dir", context, out.data_dir);
}

void read_bus(table_reader& table, const reading& context, bus_section& out) {
  take_text(table, "user", out.user);
  out.password = read_password(table, context).value;
  const auto url = table.text("url");
  if (!url) return;
  const bool is_nats = url->value.rfind("nats://", 0) == 0 || url->value.rfind("tls://", 0) == 0;
  if (!is_nats)
    context.log.add(
        url->at, "the url of [bus] is not of a NATS server",
        "write nats://host:port or tls://host:port, or leave it out for our own server");
  else if (url->value.find('@') != std::string::npos)
    context.log.add(url->at, "the url of [bus] holds credentials",
                    "write user and password_file or password_env beside it; then change the "
                    "password");
  else
    out.url = url->value;
}

void read_gateway(table_reader& table, const reading& context, gateway_section& out) {
  if (const auto listen = table.text("listen")) {
    if (listen->value.empty() || listen->value.find_first_of(" /") != std::string::npos)
      context.log.add(listen->at, "listen in [gateway] is not an address of this machine",
                      "write an IP address: 127.0.0.1, or 0.0.0.0 for all");
    else
      out.listen = listen->value;
  }
  take_path(table, "dashboard_dir", context, out.dashboard_dir);
  const auto url = table.text("public_url");
  if (!url) return;
  if (url->value.rfind("http://", 0) != 0 && url->value.rfind("https://", 0) != 0)
    context.log.add(url->at, "public_url in [gateway] is not a web address",
                    "write https://host or http://host:port");
  else
    out.public_url = url->value;
}

/// The file beside the configuration, or the one it names.
void read_analytics(table_reader& table, const reading& context, analytics_section& out) {
  for (const auto& [key, into] :
       {std::pair{"legal_bases", &out.legal_bases}, std::pair{"legal_key", &out.legal_key}}) {
    const auto at = table.key_place(key);
    if (!at) continue;
    take_path(table, key, context, *into);
    std::error_code code;
    if (!into->empty() && !std::filesystem::is_regular_file(*into, code))
      context.log.add(*at, fmt::format("{} {} does not exist", key, into->string()),
                      "name an existing file, or remove the line", "LEG-53");
  }
  // Below this a count is often one household (LEG-57); the law names no figure.
  if (const auto n = table.number("aggregation_threshold", 5, 1'000'000))
    out.aggregation_threshold = static_cast<std::uint32_t>(n->value);
}

/// Ports that this machine would have to open twice.
void check_ports(const std::array<port_setting, 3>& ports, const reading& context) {
  for (std::size_t i = 0; i < ports.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (ports[i].value != ports[k].value) continue;
      const place at = ports[i].at.line > 0 ? ports[i].at : ports[k].at;
      context.log.add(
          at, fmt::format("{} and {} are both {}", ports[k].name, ports[i].name, ports[i].value),
          "give each its own port");
    }
  }
}

}  // namespace

void read_sections(table_reader& root, const reading& context, centre_config& out) {
  out.topology.centre_id = "centre";
  out.topology.centre_name = "centre";
  out.data_dir = resolve(context.base_dir, "data");

  section(root, "centre", context, [&](table_reader& t) { read_centre(t, context, out); });
  section(root, "node", context, [&](table_reader& t) {
    take_own_id(t, "node", context, out.node.id);
    if (const auto n = t.number("shards", 0, 256))
      out.node.shards = static_cast<std::uint32_t>(n->value);
    if (const auto n = t.number("sweep_ms", 0, 500))
      out.node.sweep = std::chrono::milliseconds{n->value};
  });

  std::array<port_setting, 3> ports{{{"the port of [bus]", out.bus.port, {}},
                                     {"websocket_port of [bus]", out.bus.websocket_port, {}},
                                     {"the port of [gateway]", out.gateway.port, {}}}};
  section(root, "bus", context, [&](table_reader& t) {
    ports[0] = take_port(t, "port", ports[0].name, out.bus.port);
    ports[1] = take_port(t, "websocket_port", ports[1].name, out.bus.websocket_port);
    read_bus(t, context, out.bus);
  });
  section(root, "gateway", context, [&](table_reader& t) {
    ports[2] = take_port(t, "port", ports[2].name, out.gateway.port);
    read_gateway(t, context, out.gateway);
  });
  check_ports(ports, context);

  out.recording.directory = out.data_dir / "recordings";
  section(root, "recording", context, [&](table_reader& t) {
    take_path(t, "directory", context, out.recording.directory);
    if (const auto n = t.number("segment_seconds", 1, 3600))
      out.recording.segment = std::chrono::seconds{n->value};
    if (const auto n = t.number("keep_free_bytes", 0, std::numeric_limits<std::int64_t>::max()))
      out.recording.keep_free_bytes = static_cast<std::uint64_t>(n->value);
  });
  for (const auto& [name, into] : {std::pair{"legal-bases.toml", &out.analytics.legal_bases},
                                   std::pair{"legal-bases.pub", &out.analytics.legal_key}}) {
    std::error_code code;
    if (const auto beside = context.base_dir / name; std::filesystem::is_regular_file(beside, code))
      *into = beside;
  }
  section(root, "analytics", context,
          [&](table_reader& t) { read_analytics(t, context, out.analytics); });
  section(root, "picture", context, [&](table_reader& t) {
    if (const auto b = t.flag("enabled")) out.picture.enabled = b->value;
    if (const auto n = t.number("interval_ms", 100, 600'000))
      out.picture.interval = std::chrono::milliseconds{n->value};
  });
}

}  // namespace vigie::config::detail
