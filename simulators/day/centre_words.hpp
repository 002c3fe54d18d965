// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "day/duty_room.hpp"

// The bus's words (docs/asyncapi.yaml) as the simulated operators write and read them, without any
// code of the centre.
namespace vigie::simulators {

/// What the centre says to a request.
struct centre_answer {
  std::optional<incident_news> incident;
  std::string refusal;  ///< the refusal's code; empty: done
  std::string rule;     ///< "LEG-05", "M6"; empty: none
  std::string said;     ///< in English
};
centre_answer read_answer(std::string_view reply);
/// A message of vigie.v1.incident.>; empty: it is none.
std::optional<incident_news> read_news(std::string_view body);

struct open_recipient {
  std::string id;
  std::string kind;
};
/// Whom routing opens for an incident, of the answer to incidents.show.
std::vector<open_recipient> read_recipients(std::string_view reply);
/// The one an operator would choose; empty: nobody of that kind is open.
std::optional<open_recipient> choose_recipient(const std::vector<open_recipient>& open,
                                               day_told whom);

/// The first purpose of each camera, of the answer to state.snapshot; and the communes to ask for
/// one by one when it was partial.
struct snapshot_words {
  std::map<std::string, std::string> purposes;
  std::vector<std::string> communes_to_ask;
};
snapshot_words read_snapshot(std::string_view reply);

/// Who acts, and when, for every request of a person.
struct request_words {
  std::string correlation;
  std::string sent_at;  ///< RFC 3339, UTC
};
std::string ask_snapshot(const request_words& w, std::string_view commune);
std::string ask_raise(const request_words& w, const day_entry& e);
std::string ask_act(const request_words& w, const deed& d, std::string_view recipient);
std::string ask_show(const request_words& w, std::string_view incident);
std::string ask_live(const request_words& w, const day_entry& e, std::string_view purpose);
std::string ask_replay(const request_words& w, const day_entry& e, std::string_view purpose,
                       std::string_view from, std::string_view to);
/// "incidents.claim" …, of what a person does.
std::string_view request_of(deed_kind k) noexcept;

}  // namespace vigie::simulators
