// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "config/detail/readers.hpp"

namespace vigie::config::detail {
namespace {

/// A setting that communes, sites and cameras inherit. Once written it is `is_written`, even when
/// what was written is wrong: that is reported where it stands, and not again for each camera.
template <class T>
struct inheritable {
  bool is_written = false;
  place at;
  std::optional<T> value;
};

struct inherited {
  inheritable<std::uint32_t> retention_days;
  inheritable<domain::regime> legal_regime;
  inheritable<domain::controller_kind> controller;
  inheritable<std::vector<domain::purpose>> purposes;
  inheritable<std::string> username;
  inheritable<secret> password;
  std::optional<domain::position> position;
  domain::pull_settings pull;
};

/// Everything that must be unique in the centre, and where it was first written.
struct topology_reading {
  const reading& context;
  const std::vector<plugin_section>& plugins;
  std::map<camera_id, domain::position>& positions;
  std::map<std::string, place> communes;
  std::map<std::string, place> sites;
  std::map<std::string, place> cameras;
  std::map<std::string, place> urls;
};

template <class Name, class From>
std::vector<std::string_view> names(From first, Name name) {
  std::vector<std::string_view> out;
  for (int i = static_cast<int>(first); !name(static_cast<From>(i)).empty(); ++i)
    out.push_back(name(static_cast<From>(i)));
  return out;
}

std::vector<std::string_view> purpose_names() {
  return names(domain::purpose::public_buildings_protection,
               [](domain::purpose p) { return domain::name_of(p); });
}
std::vector<std::string_view> regime_names() {
  return names(domain::regime::public_road, [](domain::regime r) { return domain::name_of(r); });
}

void read_retention(table_reader& table, const reading& context, inherited& out) {
  const bool is_present = table.key_place("retention_days").has_value();
  const auto days = table.any_number("retention_days");
  if (is_present) out.retention_days = {true, {}, std::nullopt};
  if (!days) return;
  out.retention_days.at = days->at;
  // One month at most, and the shortest month that a delay of days can promise has 30 of them
  // (LEG-30; shorter months are seen to at each expiry).
  if (days->value >= 1 && days->value <= 30) {
    out.retention_days.value = static_cast<std::uint32_t>(days->value);
    return;
  }
  context.log.add(days->at,
                  days->value > 30
                      ? fmt::format("retention_days = {} is over one month", days->value)
                      : fmt::format("retention_days = {} is no delay", days->value),
                  "write the authorised days, 1 to 30", "LEG-30");
}

void read_purposes(table_reader& table, const reading& context, inherited& out) {
  const bool is_present = table.key_place("purposes").has_value();
  const auto list = table.texts("purposes");
  if (is_present) out.purposes = {true, {}, std::nullopt};
  if (!list) return;
  out.purposes.at = list->at;
  if (list->value.empty()) {
    context.log.add(list->at, "purposes is empty",
                    fmt::format("name at least one of {}", joined(purpose_names())), "LEG-10");
    return;
  }
  std::vector<domain::purpose> purposes;
  bool is_right = true;
  for (const auto& name : list->value) {
    const auto purpose = domain::purpose_from(name.value);
    if (!purpose) {
      context.log.add(name.at, fmt::format("\"{}\" is no purpose the law knows", name.value),
                      remedy_for(name.value, purpose_names()), "LEG-10");
      is_right = false;
    } else if (std::find(purposes.begin(), purposes.end(), *purpose) != purposes.end()) {
      context.log.add(name.at, fmt::format("purpose {} is named twice", name.value),
                      "remove one of them");
      is_right = false;
    } else {
      purposes.push_back(*purpose);
    }
  }
  if (is_right) out.purposes.value = std::move(purposes);
}

bool is_fingerprint(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// How cameras are pulled: the vendor whose quirks they have, UDP or TCP, whom rtsps trusts.
void read_pull(table_reader& table, const reading& context, domain::pull_settings& out) {
  if (auto vendor = table.text("vendor")) out.vendor = std::move(vendor->value);
  if (const auto transport = table.text("transport")) {
    out.prefers_udp = transport->value == "udp";
    if (!out.prefers_udp && transport->value != "tcp")
      context.log.add(transport->at, fmt::format("\"{}\" is no transport", transport->value),
                      "write \"tcp\" (media in the RTSP connection) or \"udp\"");
  }
  if (const auto file = table.text("ca_file")) {
    const auto path = resolve(context.base_dir, file->value);
    std::error_code code;
    if (!std::filesystem::is_regular_file(path, code))
      context.log.add(file->at, fmt::format("ca_file {} does not exist", path.string()),
                      "name a PEM file with the certificates to trust");
    out.ca_file = path.string();
  }
  if (const auto pin = table.text("certificate_sha256")) {
    std::string digits = pin->value;
    digits.erase(std::remove(digits.begin(), digits.end(), ':'), digits.end());
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    if (!is_fingerprint(digits))
      context.log.add(pin->at, "certificate_sha256 is not a fingerprint",
                      "write 64 hexadecimal digits, as openssl x509 -noout -fingerprint -sha256 "
                      "prints them");
    out.certificate_sha256 = std::move(digits);
  }
}

/// Takes what a level of the hierarchy says over what it inherited.
void read_inheritable(table_reader& table, const reading& context, inherited& out) {
  read_retention(table, context, out);
  read_purposes(table, context, out);
  if (const auto name = table.text("regime")) {
    const auto regime = domain::regime_from(name->value);
    out.legal_regime = {true, name->at, regime};
    if (!regime)
      context.log.add(name->at, fmt::format("\"{}\" is no legal regime", name->value),
                      remedy_for(name->value, regime_names()));
  }
  if (const auto name = table.text("controller")) {
    const auto kind = domain::controller_kind_from(name->value);
    out.controller = {true, name->at, kind};
    if (!kind)
      context.log.add(name->at, fmt::format("\"{}\" is no kind of controller", name->value),
                      remedy_for(name->value, domain::controller_kind_names()));
  }
  if (auto name = table.text("username")) out.username = {true, name->at, std::move(name->value)};
  if (auto password = read_password(table, context); password.is_named)
    out.password = {true, password.at, std::move(password.value)};
  read_pull(table, context, out.pull);
  if (const auto audio = table.flag("audio"); audio && audio->value)
    context.log.add(audio->at, "audio = true: sound may not be captured",
                    "remove the line; Vigie never sets up an audio track", "LEG-21");
}

std::string name_or(table_reader& table, const std::string& id) {
  auto name = table.text("name");
  return name && !name->value.empty() ? std::move(name->value) : id;
}

void read_url(table_reader& table, topology_reading& all, domain::camera_entry& out) {
  findings_log& findings = all.context.log;
  const auto url = table.text("url");
  if (!url) {
    if (!table.key_place("url"))
      findings.add(table.here(), fmt::format("{} has no url", table.title()),
                   "write url = \"rtsp://host[:port]/path\"");
    return;
  }
  if (auto trouble = check_camera_url(url->value, !out.protocol.empty())) {
    findings.add(url->at, std::move(trouble->message), std::move(trouble->remedy));
    return;
  }
  const auto [before, is_new] = all.urls.emplace(url->value, url->at);
  if (!is_new)
    findings.add(url->at,
                 fmt::format("the camera of line {} has the same url", before->second.line),
                 "declare a camera once: one pull serves every reader");
  out.url = url->value;
}

domain::camera_entry read_camera(const toml::table& source, const inherited& from_site,
                                 topology_reading& all) {
  const auto& context = all.context;
  const auto id_text = source["id"].value<std::string>();
  table_reader table{source, id_text ? fmt::format("camera \"{}\"", *id_text) : "a camera",
                     context.log};
  inherited settings = from_site;
  read_inheritable(table, context, settings);

  domain::camera_entry out;
  if (auto id = take_id(table, "id", "camera", all.cameras, context))
    out.id = camera_id{std::move(*id)};
  out.name = name_or(table, out.id.str());
  if (const auto at = table.point("position")) settings.position = at->value;
  if (settings.position) all.positions.emplace(out.id, *settings.position);
  if (const auto protocol = table.text("protocol")) {
    out.protocol = protocol->value;
    const auto& loaded = all.plugins;
    if (std::none_of(loaded.begin(), loaded.end(),
                     [&](const plugin_section& p) { return p.id == protocol->value; }))
      context.log.add(protocol->at, fmt::format("no plugin {} is loaded", protocol->value),
                      fmt::format("add [[plugin]] with id = \"{}\"", protocol->value));
  }
  if (const auto* options = table.table("protocol_options"))
    out.protocol_options_json = json_of(*options);
  read_url(table, all, out);
  if (!settings.retention_days.is_written)
    context.log.add(table.here(), fmt::format("{} has no retention_days", table.title()),
                    "write the authorised days, 1 to 30, here or in [defaults]", "LEG-30");
  if (!settings.purposes.is_written)
    context.log.add(table.here(), fmt::format("{} has no purpose", table.title()),
                    fmt::format("write purposes = [\"…\"], here or in [defaults], with one of {}",
                                joined(purpose_names())),
                    "LEG-10");
  if (settings.password.is_written && !settings.username.is_written)
    context.log.add(settings.password.at, "there is a password, but no username",
                    "write username = \"…\" beside it");
  out.retention_days = settings.retention_days.value.value_or(0);
  out.purposes = settings.purposes.value.value_or(std::vector<domain::purpose>{});
  out.legal_regime = settings.legal_regime.value.value_or(domain::regime::public_road);
  out.controller = settings.controller.value.value_or(domain::controller_kind::joint_authority);
  out.username = settings.username.value.value_or("");
  out.password = settings.password.value.value_or(secret{});
  out.pull = std::move(settings.pull);
  table.finish();
  return out;
}

domain::site_entry read_site(const toml::table& source, const inherited& from_commune,
                             topology_reading& all) {
  table_reader table{source, "a site", all.context.log};
  inherited settings = from_commune;
  read_inheritable(table, all.context, settings);
  if (const auto at = table.point("position")) settings.position = at->value;
  domain::site_entry out;
  if (auto id = take_id(table, "id", "site", all.sites, all.context))
    out.id = site_id{std::move(*id)};
  out.name = name_or(table, out.id.str());
  out.kind = "other";
  if (auto kind = table.text("kind"); kind && !kind->value.empty())
    out.kind = std::move(kind->value);
  for (const auto* camera : table.tables("camera", "[[commune.site.camera]]"))
    out.cameras.push_back(read_camera(*camera, settings, all));
  table.finish();
  return out;
}

std::string take_insee(table_reader& table, topology_reading& all) {
  auto& log = all.context.log;
  const auto code = table.text("insee");
  if (!code) {
    if (!table.key_place("insee"))
      log.add(table.here(), "a commune has no insee", "write insee = \"95018\"");
    return {};
  }
  if (!is_insee(code->value)) {
    log.add(code->at, fmt::format("\"{}\" is not an INSEE code", code->value),
            "write 5 digits, as \"95018\", or 2A or 2B and 3 digits, as \"2A004\"");
    return {};
  }
  std::string id = code->value;
  if (id[1] == 'A' || id[1] == 'B') id[1] = static_cast<char>(id[1] - 'A' + 'a');
  const auto [before, is_new] = all.communes.emplace(id, code->at);
  if (!is_new)
    log.add(code->at,
            fmt::format("commune \"{}\" already stands on line {}", id, before->second.line),
            "put its sites under one [[commune]]");
  return id;
}

}  // namespace

void read_topology(table_reader& root, const reading& context,
                   const std::vector<plugin_section>& plugins, domain::topology& out,
                   std::map<camera_id, domain::position>& positions) {
  topology_reading all{context, plugins, positions, {}, {}, {}, {}};
  inherited defaults;
  if (const auto* source = root.table("defaults")) {
    table_reader table{*source, "[defaults]", context.log};
    read_inheritable(table, context, defaults);
    table.finish();
  }
  for (const auto* source : root.tables("commune", "[[commune]]")) {
    table_reader table{*source, "a commune", context.log};
    inherited settings = defaults;
    read_inheritable(table, context, settings);
    domain::commune_entry commune;
    commune.id = commune_id{take_insee(table, all)};
    commune.name = name_or(table, commune.id.str());
    read_viewing(table, context, commune);
    for (const auto* site : table.tables("site", "[[commune.site]]"))
      commune.sites.push_back(read_site(*site, settings, all));
    table.finish();
    out.communes.push_back(std::move(commune));
  }
}

}  // namespace vigie::config::detail
