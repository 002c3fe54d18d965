// SPDX-License-Identifier: Apache-2.0
#include "day/centre_words.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "camera_farm/faults.hpp"

namespace vigie::simulators {

namespace {

using nlohmann::json;

std::string text_of(const json& body, const char* key) {
  const auto found = body.find(key);
  return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

json request(const request_words& w) { return {{"v", 1}, {"correlation", w.correlation}}; }

std::optional<incident_news> news_of(const json& body) {
  if (!body.is_object()) return std::nullopt;
  incident_news n;
  n.id = text_of(body, "id");
  n.state = text_of(body, "state");
  const auto revision = body.find("revision");
  if (n.id.empty() || n.state.empty() || revision == body.end() || !revision->is_number_unsigned())
    return std::nullopt;
  n.revision = revision->get<std::uint64_t>();
  n.type = text_of(body, "type");
  n.origin = text_of(body, "origin");
  n.commune = text_of(body, "commune");
  n.site = text_of(body, "site");
  n.camera = text_of(body, "camera");
  if (const auto priority = body.find("priority"); priority != body.end() && priority->is_object())
    n.score = priority->value("score", 0);
  if (const auto delivery = body.find("delivery"); delivery != body.end() && delivery->is_object())
    n.needs_call = text_of(*delivery, "state") == "needs_human";
  return n;
}

std::string_view what_was_seen(const day_entry& e) {
  switch (e.truth) {
    case day_truth::nothing:
      return "rien d'anormal à l'image";
    case day_truth::unclear:
      return "l'image ne permet pas de conclure";
    case day_truth::real:
      break;
  }
  return "les faits sont visibles à l'image";
}

std::string_view verdict_of(const day_entry& e) {
  if (e.told != day_told::nobody) return "confirmed";
  return e.truth == day_truth::nothing ? "false_alarm" : "inconclusive";
}

std::string reason_of(const day_entry& e) {
  switch (e.kind) {
    case day_kind::complaint_viewing:
      return fmt::format("relecture après plainte n° {}", e.number);
    case day_kind::requisition:
      return fmt::format("réquisition n° {}", e.number);
    case day_kind::live_transfer:
      return fmt::format("demande d'une force n° {}", e.number);
    default:
      break;
  }
  return fmt::format("levée de doute n° {}", e.number);
}

json access(const request_words& w, const day_entry& e, std::string_view purpose) {
  json body = request(w);
  body["camera"] = camera_id_of(e.camera);
  body["authority"] = e.insee;
  body["purpose"] = purpose;
  body["reason"] = reason_of(e);
  return body;
}

}  // namespace

centre_answer read_answer(std::string_view reply) {
  const json body = json::parse(reply, nullptr, false);
  centre_answer answer;
  if (!body.is_object()) {
    answer.refusal = "unreadable";
    return answer;
  }
  if (text_of(body, "kind") == "error") {
    const json error = body.value("error", json::object());
    answer.refusal = text_of(error, "code");
    answer.rule = text_of(error, "rule");
    answer.said = text_of(error, "en");
    if (answer.refusal.empty()) answer.refusal = "unnamed";
    return answer;
  }
  answer.incident = news_of(body.value("incident", json{}));
  return answer;
}

std::optional<incident_news> read_news(std::string_view body) {
  return news_of(json::parse(body, nullptr, false));
}

std::vector<open_recipient> read_recipients(std::string_view reply) {
  std::vector<open_recipient> open;
  const json body = json::parse(reply, nullptr, false);
  if (!body.is_object()) return open;
  for (const json& one : body.value("recipients", json::array()))
    if (one.is_object()) open.push_back({text_of(one, "id"), text_of(one, "kind")});
  return open;
}

std::optional<open_recipient> choose_recipient(const std::vector<open_recipient>& open,
                                               day_told whom) {
  const auto is_told = [whom](std::string_view kind) {
    switch (whom) {
      case day_told::nobody:
        return false;
      case day_told::state_force:
        return kind == "national_police_cic" || kind == "gendarmerie_corg";
      case day_told::fire_rescue:
        return kind == "fire_rescue_cta";
      case day_told::municipal_police:
        return kind == "municipal_police";
      case day_told::contractor:
        return kind == "maintenance_contractor";
      case day_told::guarding:
        break;
    }
    return kind == "guarding_company";
  };
  for (const open_recipient& one : open)
    if (is_told(one.kind)) return one;
  return std::nullopt;
}

snapshot_words read_snapshot(std::string_view reply) {
  snapshot_words words;
  const json body = json::parse(reply, nullptr, false);
  if (!body.is_object()) return words;
  const bool is_partial = body.value("partial", false);
  for (const json& commune : body.value("communes", json::array())) {
    if (is_partial) words.communes_to_ask.push_back(text_of(commune, "commune"));
    for (const json& site : commune.value("sites", json::array()))
      for (const json& camera : site.value("cameras", json::array()))
        if (const json purposes = camera.value("purposes", json::array()); !purposes.empty())
          words.purposes[text_of(camera, "camera")] = purposes.front().get<std::string>();
  }
  return words;
}

std::string_view request_of(deed_kind k) noexcept {
  switch (k) {
    case deed_kind::raise:
      return "incidents.raise";
    case deed_kind::claim:
      return "incidents.claim";
    case deed_kind::verify:
      return "incidents.verify";
    case deed_kind::conclude:
      return "incidents.verdict";
    case deed_kind::monitor:
      return "incidents.monitor";
    case deed_kind::propose:
      return "incidents.propose";
    case deed_kind::approve:
      return "incidents.approve";
    case deed_kind::call:
      return "incidents.call";
    case deed_kind::intervene:
      return "incidents.intervene";
    case deed_kind::close:
      return "incidents.close";
    case deed_kind::open_live:
      return "live.open";
    case deed_kind::open_replay:
      return "replay.open";
    case deed_kind::fail:
    case deed_kind::heal:
      break;
  }
  return "";
}

std::string ask_snapshot(const request_words& w, std::string_view commune) {
  json body = request(w);
  if (!commune.empty()) body["commune"] = commune;
  return body.dump();
}

std::string ask_raise(const request_words& w, const day_entry& e) {
  json body = request(w);
  body["origin"] = e.kind == day_kind::live_transfer ? "force_request" : "operator_seen";
  body["type"] = e.incident;
  body["authority"] = e.insee;
  body["site"] = e.site_id;
  body["text"] = fmt::format("{} n° {}", name_of(e.kind), e.number);
  return body.dump();
}

std::string ask_act(const request_words& w, const deed& d, std::string_view recipient) {
  const day_entry& e = *d.entry;
  json body = request(w);
  body["incident"] = d.incident;
  body["authority"] = e.insee;
  body["revision"] = d.revision;
  body["sent_at"] = w.sent_at;
  switch (d.kind) {
    case deed_kind::conclude:
      body["verdict"] = verdict_of(e);
      body["text"] = what_was_seen(e);
      break;
    case deed_kind::propose:
      body["recipient"] = recipient;
      break;
    case deed_kind::call:
      body["text"] = "permanence jointe, prise en compte";
      break;
    case deed_kind::close:
      body["text"] = fmt::format("compte rendu n° {} : {}", e.number, what_was_seen(e));
      break;
    default:
      break;
  }
  return body.dump();
}

std::string ask_show(const request_words& w, std::string_view incident) {
  json body = request(w);
  body["incident"] = incident;
  return body.dump();
}

std::string ask_live(const request_words& w, const day_entry& e, std::string_view purpose) {
  return access(w, e, purpose).dump();
}

std::string ask_replay(const request_words& w, const day_entry& e, std::string_view purpose,
                       std::string_view from, std::string_view to) {
  json body = access(w, e, purpose);
  body["from"] = from;
  body["to"] = to;
  return body.dump();
}

}  // namespace vigie::simulators
