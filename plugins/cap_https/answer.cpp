// SPDX-License-Identifier: Apache-2.0
#include "cap_https/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

namespace vigie::cap {

namespace {

// references is a list of sender,identifier,sent with blanks between (CAP 1.2 §3.2.1).
bool refers_to(std::string_view references, const std::string& wanted) {
  constexpr std::string_view blanks = " \t\r\n";
  while (true) {
    const std::size_t begin = references.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return false;
    references.remove_prefix(begin);
    const std::size_t end = std::min(references.find_first_of(blanks), references.size());
    if (references.substr(0, end) == wanted) return true;
    references.remove_prefix(end);
  }
}

std::string_view why_not_ours(pugi::xml_node alert, const sent_alert& sent) {
  if (std::string_view{alert.attribute("xmlns").value()} != "urn:oasis:names:tc:emergency:cap:1.2")
    return "it is not CAP 1.2";
  if (!refers_to(alert.child_value("references"), sent.name.as_reference()))
    return "it refers to another message";
  if (alert.child_value("status") != sent.status) return "its status is not ours";
  if (!sent.recipient_sender.empty() && alert.child_value("sender") != sent.recipient_sender)
    return "it comes from another sender";
  if (alert.child("identifier").text().empty()) return "it has no identifier";
  return {};
}

}  // namespace

notifier::result<notifier::outcome> read_answer(const sent_alert& sent, std::string_view body) {
  notifier::outcome done;
  done.kind = VIGIE_DELIVERY_DELIVERED;
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return done;
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size())) {
    done.text = "answer ignored: no XML";
    return done;
  }
  std::string_view why = "there is no CAP message in it";
  for (const pugi::xml_node alert : document.children("alert")) {
    why = why_not_ours(alert, sent);
    if (!why.empty()) continue;
    const std::string_view type = alert.child_value("msgType");
    if (type == "Error")
      return notifier::fail(VIGIE_E_UNSUPPORTED,
                            fmt::format("the recipient refused it: {}",
                                        notifier::clean_text(alert.child_value("note"))));
    if (type == "Ack") {
      done.kind = VIGIE_DELIVERY_ACKNOWLEDGED;
      done.reference = notifier::clean_text(alert.child_value("identifier"));
      done.text = notifier::clean_text(alert.child_value("note"));
      return done;
    }
    why = "it is no Ack";
  }
  done.text = fmt::format("answer ignored: {}", why);
  return done;
}

}  // namespace vigie::cap
