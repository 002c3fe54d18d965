// SPDX-License-Identifier: Apache-2.0
#include "bus/codec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/time_text.hpp"
#include "bus/message_fields.hpp"

namespace vigie::bus {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int schema_version = 1;
constexpr std::size_t max_text_bytes = 4096;

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
  });
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// -- writing
// ---------------------------------------------------------------------------------------

class writer {
 public:
  void envelope(const char* kind = nullptr) {
    out_["v"] = schema_version;
    if (kind != nullptr) out_["kind"] = kind;
  }
  void text(const char* key, const std::string& value) { out_[key] = value; }
  void line(const char* key, const std::string& value, std::size_t) { out_[key] = value; }
  void possible_line(const char* key, const std::string& value, std::size_t) { out_[key] = value; }
  void word(const char* key, const std::string& value) { out_[key] = value; }
  void words(const char* key, const std::vector<std::string>& values) { out_[key] = values; }
  void lines(const char* key, const std::vector<std::string>& values) { out_[key] = values; }
  void text_or_null(const char* key, const std::optional<std::string>& value) {
    out_[key] = value ? ordered_json(*value) : ordered_json(nullptr);
  }
  template <class Tag>
  void id(const char* key, const name_id<Tag>& value) {
    out_[key] = value.str();
  }
  template <class Tag>
  void id_or_null(const char* key, const name_id<Tag>& value) {
    out_[key] = value.empty() ? ordered_json(nullptr) : ordered_json(value.str());
  }
  template <class Tag>
  void ids(const char* key, const std::vector<name_id<Tag>>& values) {
    auto array = ordered_json::array();
    for (const auto& value : values) array.push_back(value.str());
    out_[key] = std::move(array);
  }
  void time(const char* key, utc_us value) { out_[key] = to_rfc3339(value); }
  void time_or_null(const char* key, const std::optional<utc_us>& value) {
    out_[key] = value ? ordered_json(to_rfc3339(*value)) : ordered_json(nullptr);
  }
  template <class Count>
  void count(const char* key, Count value) {
    out_[key] = value;
  }
  template <class Tag>
  void id_if_any(const char* key, const name_id<Tag>& value) {
    if (!value.empty()) id(key, value);
  }
  void time_if_any(const char* key, const std::optional<utc_us>& value) {
    if (value) time(key, *value);
  }
  void line_if_any(const char* key, const std::optional<std::string>& value, std::size_t) {
    if (value) text(key, *value);
  }
  template <class Count>
  void count_if_any(const char* key, const std::optional<Count>& value) {
    if (value) count(key, *value);
  }
  void words_if_any(const char* key, const std::vector<std::string>& values) {
    if (!values.empty()) words(key, values);
  }
  void counts_if_any(const char* key,
                     const std::vector<std::pair<std::string, std::uint64_t>>& values) {
    for (const auto& [name, value] : values) out_[key][name] = value;
  }
  void flag(const char* key, bool value) { out_[key] = value; }
  void integer_or_null(const char* key, const std::optional<std::int64_t>& value) {
    out_[key] = value ? ordered_json(*value) : ordered_json(nullptr);
  }
  // JSON has no infinities; a rate that could not be measured is 0. One decimal is what is shown.
  void real(const char* key, double value) {
    out_[key] = std::isfinite(value) ? std::round(value * 10) / 10 : 0.0;
  }
  template <class T>
  void object(const char* key, T& value) {
    writer inner;
    fields(inner, value);
    out_[key] = std::move(inner.out_);
  }
  template <class T>
  void list(const char* key, const std::vector<T>& values) {
    auto array = ordered_json::array();
    for (const auto& value : values) {
      writer inner;
      fields(inner, value);
      array.push_back(std::move(inner.out_));
    }
    out_[key] = std::move(array);
  }
  std::string finish() const {
    return out_.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  }

 private:
  ordered_json out_ = ordered_json::object();
};

template <class T>
std::string write(const T& message) {
  writer out;
  fields(out, message);
  return out.finish();
}

// -- reading
// ---------------------------------------------------------------------------------------

/// Deeper nesting is refused before the parser sees it.
bool is_shallow(std::string_view body) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > max_body_depth) return false;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return true;
}

result<json> parse_object(std::string_view body, std::size_t max_bytes) {
  if (body.size() > max_bytes)
    return fail(errc::bus_malformed,
                fmt::format("body: {} bytes, at most {}", body.size(), max_bytes));
  if (!is_shallow(body))
    return fail(errc::bus_malformed, fmt::format("body: nested deeper than {}", max_body_depth));
  auto parsed = json::parse(body.begin(), body.end(), nullptr, false);
  if (parsed.is_discarded()) return fail(errc::bus_malformed, "body: not JSON");
  if (!parsed.is_object()) return fail(errc::bus_malformed, "body: expected an object");
  return parsed;
}

/// Keeps the first failure of a whole body; after it, reading goes on without effect.
class reader {
 public:
  reader(const json& node, std::string path, std::string& failure)
      : node_{node}, path_{std::move(path)}, failure_{failure} {}

  void envelope(const char* kind = nullptr) {
    if (const auto* v = member("v"); v != nullptr && *v != schema_version)
      refuse("v", fmt::format("this Vigie reads version {}", schema_version));
    if (kind == nullptr) return;
    if (const auto* k = member("kind"); k != nullptr && *k != kind)
      refuse("kind", fmt::format("expected \"{}\"", kind));
  }
  void text(const char* key, std::string& value) {
    if (const auto* found = string(key, max_text_bytes)) value = *found;
  }
  void line(const char* key, std::string& value, std::size_t max_bytes) {
    const auto* found = string(key, max_bytes);
    if (found == nullptr) return;
    if (found->empty()) return refuse(key, "is empty");
    if (has_control_character(*found)) return refuse(key, "holds a control character");
    value = *found;
  }
  /// A line that may be empty or absent: whoever reads it decides what that means.
  void possible_line(const char* key, std::string& value, std::size_t max_bytes) {
    if (node_.contains(key) && node_[key] != "") line(key, value, max_bytes);
  }
  void word(const char* key, std::string& value) {
    const auto* found = string(key, max_text_bytes);
    if (found == nullptr) return;
    if (!is_word(*found)) return refuse(key, "expected a name of [a-z0-9_]");
    value = *found;
  }
  void words(const char* key, std::vector<std::string>& values) {
    const auto* found = array(key);
    if (found == nullptr) return;
    for (std::size_t i = 0; i < found->size(); ++i) {
      const auto* text = (*found)[i].get_ptr<const std::string*>();
      if (text == nullptr || !is_word(*text))
        return refuse(fmt::format("{}[{}]", key, i), "expected a name of [a-z0-9_]");
      values.push_back(*text);
    }
  }
  void lines(const char* key, std::vector<std::string>& values) {
    const auto* found = array(key);
    if (found == nullptr) return;
    for (std::size_t i = 0; i < found->size(); ++i) {
      const auto* text = (*found)[i].get_ptr<const std::string*>();
      if (text == nullptr || text->empty() || text->size() > max_line_bytes ||
          has_control_character(*text))
        return refuse(fmt::format("{}[{}]", key, i), "expected a line of text");
      values.push_back(*text);
    }
  }
  void text_or_null(const char* key, std::optional<std::string>& value) {
    if (!is_null(key)) text(key, value.emplace());
  }
  template <class Tag>
  void id(const char* key, name_id<Tag>& value) {
    const auto* found = string(key, max_text_bytes);
    if (found == nullptr) return;
    if (!is_id_text(*found)) return refuse(key, "expected an id of [a-z0-9_-]");
    value = name_id<Tag>{*found};
  }
  template <class Tag>
  void id_or_null(const char* key, name_id<Tag>& value) {
    if (!is_null(key)) id(key, value);
  }
  template <class Tag>
  void ids(const char* key, std::vector<name_id<Tag>>& values) {
    const auto* found = array(key);
    if (found == nullptr) return;
    for (std::size_t i = 0; i < found->size(); ++i) {
      const auto* text = (*found)[i].template get_ptr<const std::string*>();
      if (text == nullptr || !is_id_text(*text))
        return refuse(fmt::format("{}[{}]", key, i), "expected an id of [a-z0-9_-]");
      values.emplace_back(*text);
    }
  }
  void time(const char* key, utc_us& value) {
    const auto* found = string(key, max_text_bytes);
    if (found == nullptr) return;
    const auto parsed = from_rfc3339(*found);
    if (!parsed) return refuse(key, "expected a UTC time like 2026-11-21T20:15:33.400Z");
    value = *parsed;
  }
  void time_or_null(const char* key, std::optional<utc_us>& value) {
    if (!is_null(key)) time(key, value.emplace());
  }
  template <class Count>
  void count(const char* key, Count& value) {
    const auto* found = member(key);
    if (found == nullptr) return;
    if (!found->is_number_unsigned() ||
        found->template get<std::uint64_t>() > std::numeric_limits<Count>::max())
      return refuse(key, "expected a count");
    value = found->template get<Count>();
  }
  template <class Tag>
  void id_if_any(const char* key, name_id<Tag>& value) {
    if (node_.contains(key)) id(key, value);
  }
  void time_if_any(const char* key, std::optional<utc_us>& value) {
    if (node_.contains(key)) time(key, value.emplace());
  }
  void line_if_any(const char* key, std::optional<std::string>& value, std::size_t max_bytes) {
    if (node_.contains(key)) line(key, value.emplace(), max_bytes);
  }
  template <class Count>
  void count_if_any(const char* key, std::optional<Count>& value) {
    if (node_.contains(key)) count(key, value.emplace());
  }
  void words_if_any(const char* key, std::vector<std::string>& values) {
    if (node_.contains(key)) words(key, values);
  }
  /// An object of counts, by words.
  void counts_if_any(const char* key, std::vector<std::pair<std::string, std::uint64_t>>& values) {
    const auto found = node_.find(key);
    if (found == node_.end()) return;
    if (!found->is_object()) return refuse(key, "expected an object");
    for (const auto& [name, value] : found->items()) {
      if (!is_word(name) || !value.is_number_unsigned())
        return refuse(key, "expected counts by names of [a-z0-9_]");
      values.emplace_back(name, value.template get<std::uint64_t>());
    }
  }
  void flag(const char* key, bool& value) {
    const auto* found = member(key);
    if (found == nullptr) return;
    if (!found->is_boolean()) return refuse(key, "expected true or false");
    value = found->get<bool>();
  }
  void integer_or_null(const char* key, std::optional<std::int64_t>& value) {
    if (is_null(key)) return;
    const auto* found = member(key);
    if (found == nullptr) return;
    const bool fits =
        found->is_number_integer() &&
        (!found->is_number_unsigned() || found->get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
    if (!fits) return refuse(key, "expected an integer or null");
    value = found->get<std::int64_t>();
  }
  void real(const char* key, double& value) {
    const auto* found = member(key);
    if (found == nullptr) return;
    if (!found->is_number()) return refuse(key, "expected a number");
    value = found->get<double>();
  }
  template <class T>
  void object(const char* key, T& value) {
    const auto* found = member(key);
    if (found == nullptr) return;
    if (!found->is_object()) return refuse(key, "expected an object");
    reader inner{*found, path_ + key + ".", failure_};
    fields(inner, value);
  }
  template <class T>
  void list(const char* key, std::vector<T>& values) {
    const auto* found = array(key);
    if (found == nullptr) return;
    for (std::size_t i = 0; i < found->size() && failure_.empty(); ++i) {
      const auto name = fmt::format("{}[{}]", key, i);
      if (!(*found)[i].is_object()) return refuse(name, "expected an object");
      reader inner{(*found)[i], path_ + name + ".", failure_};
      fields(inner, values.emplace_back());
    }
  }

 private:
  const json* member(const char* key) {
    const auto found = node_.find(key);
    if (found != node_.end()) return &*found;
    refuse(key, "is missing");
    return nullptr;
  }
  const std::string* string(const char* key, std::size_t max_bytes) {
    const auto* found = member(key);
    if (found == nullptr) return nullptr;
    const auto* text = found->get_ptr<const std::string*>();
    if (text == nullptr) {
      refuse(key, "expected a string");
    } else if (text->size() > max_bytes) {
      refuse(key, fmt::format("longer than {} bytes", max_bytes));
      return nullptr;
    }
    return text;
  }
  const json* array(const char* key) {
    const auto* found = member(key);
    if (found != nullptr && !found->is_array()) {
      refuse(key, "expected a list");
      return nullptr;
    }
    return found;
  }
  bool is_null(const char* key) const {
    const auto found = node_.find(key);
    return found != node_.end() && found->is_null();
  }
  void refuse(std::string_view key, std::string_view why) {
    if (failure_.empty()) failure_ = fmt::format("{}{}: {}", path_, key, why);
  }

  const json& node_;
  std::string path_;
  std::string& failure_;
};

template <class T>
result<T> read(std::string_view body, std::size_t max_bytes) {
  auto parsed = parse_object(body, max_bytes);
  if (!parsed) return tl::unexpected{parsed.error()};
  T message;
  std::string failure;
  reader in{*parsed, "", failure};
  fields(in, message);
  if (!failure.empty()) return fail(errc::bus_malformed, std::move(failure));
  return message;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

result<request> read_recent(std::string_view body) {
  auto asked = read<events_recent_request>(body, max_body_bytes);
  if (!asked) return tl::unexpected{asked.error()};
  if (asked->limit && (*asked->limit == 0 || *asked->limit > max_recent_events))
    return fail(errc::bus_malformed, fmt::format("limit: expected 1 to {}", max_recent_events));
  return *std::move(asked);
}

/// Requests whose acts stand in the journal with the asker's reason.
template <class T>
result<request> read_reasoned(std::string_view body) {
  auto asked = read<T>(body, max_body_bytes);
  if (!asked) return tl::unexpected{asked.error()};
  if (is_blank(asked->reason))
    return fail(errc::reason_missing,
                "LEG-33: nothing is done or shown without a reason on record");
  return *std::move(asked);
}

result<request> read_about_people(const request_address& address, std::string_view body) {
  if (address.service == "people") {
    if (address.verb == "me") return read<people_me_request>(body, max_body_bytes);
    if (address.verb == "list") return read<people_list_request>(body, max_body_bytes);
    if (address.verb == "duty") return read_reasoned<people_duty_request>(body);
    if (address.verb == "suspend") return read_reasoned<people_suspend_request>(body);
  }
  if (address.service == "proposals") {
    if (address.verb == "list") return read<proposals_list_request>(body, max_body_bytes);
    if (address.verb == "open") return read_reasoned<proposals_open_request>(body);
    if (address.verb == "decide") return read_reasoned<proposals_decide_request>(body);
  }
  if (address.service == "sessions") {
    if (address.verb == "list") return read<sessions_list_request>(body, max_body_bytes);
    if (address.verb == "end") return read_reasoned<sessions_end_request>(body);
  }
  return fail(errc::bus_unknown, fmt::format("{}.{}", address.service, address.verb));
}

template <class T>
result<request> read_access(std::string_view body) {
  auto asked = read<T>(body, max_body_bytes);
  if (!asked) return tl::unexpected{asked.error()};
  if constexpr (std::same_as<T, replay_open_request>) {
    if (asked->from >= asked->to) return fail(errc::bus_malformed, "to: must be after from");
  }
  if (is_blank(asked->reason))
    return fail(errc::reason_missing, "LEG-33: a reason must be given for every access to images");
  return *std::move(asked);
}

}  // namespace

std::string encode(const camera_state_message& m) { return write(m); }
std::string encode(const site_state_message& m) { return write(m); }
std::string encode(const commune_state_message& m) { return write(m); }
std::string encode(const event_message& m) { return write(m); }
std::string encode(const heartbeat_message& m) { return write(m); }
std::string encode(const snapshot_request& m) { return write(m); }
std::string encode(const events_recent_request& m) { return write(m); }
std::string encode(const live_open_request& m) { return write(m); }
std::string encode(const replay_open_request& m) { return write(m); }
std::string encode(const snapshot_reply& m) { return write(m); }
std::string encode(const events_reply& m) { return write(m); }
std::string encode(const live_grant& m) { return write(m); }
std::string encode(const replay_grant& m) { return write(m); }
std::string encode(const plugins_list_request& m) { return write(m); }
std::string encode(const exercise_request& m) { return write(m); }
std::string encode(const plugins_reply& m) { return write(m); }
std::string encode(const exercise_reply& m) { return write(m); }
std::string encode(const plugins_why_request& m) { return write(m); }
std::string encode(const plugins_why_reply& m) { return write(m); }
std::string encode(const people_me_request& m) { return write(m); }
std::string encode(const people_duty_request& m) { return write(m); }
std::string encode(const people_list_request& m) { return write(m); }
std::string encode(const people_suspend_request& m) { return write(m); }
std::string encode(const proposals_list_request& m) { return write(m); }
std::string encode(const proposals_open_request& m) { return write(m); }
std::string encode(const proposals_decide_request& m) { return write(m); }
std::string encode(const sessions_list_request& m) { return write(m); }
std::string encode(const sessions_end_request& m) { return write(m); }
std::string encode(const me_reply& m) { return write(m); }
std::string encode(const people_reply& m) { return write(m); }
std::string encode(const proposals_reply& m) { return write(m); }
std::string encode(const sessions_reply& m) { return write(m); }
std::string encode(const error_reply& m) { return write(m); }

std::string encode_fitting(snapshot_reply m) {
  auto whole = write(m);
  if (whole.size() <= max_reply_bytes) return whole;
  m.partial = true;
  for (auto& commune : m.communes) commune.sites.clear();
  return write(m);
}

template <class T>
result<T> decode(std::string_view body) {
  constexpr bool is_collection = either<T, snapshot_reply> || either<T, events_reply> ||
                                 either<T, plugins_reply> || either<T, plugins_why_reply> ||
                                 either<T, me_reply> || either<T, people_reply> ||
                                 either<T, sessions_reply>;
  return read<T>(body, is_collection ? max_collection_bytes : max_body_bytes);
}

template result<camera_state_message> decode(std::string_view);
template result<site_state_message> decode(std::string_view);
template result<commune_state_message> decode(std::string_view);
template result<event_message> decode(std::string_view);
template result<heartbeat_message> decode(std::string_view);
template result<snapshot_request> decode(std::string_view);
template result<events_recent_request> decode(std::string_view);
template result<live_open_request> decode(std::string_view);
template result<replay_open_request> decode(std::string_view);
template result<snapshot_reply> decode(std::string_view);
template result<events_reply> decode(std::string_view);
template result<live_grant> decode(std::string_view);
template result<replay_grant> decode(std::string_view);
template result<plugins_list_request> decode(std::string_view);
template result<exercise_request> decode(std::string_view);
template result<plugins_reply> decode(std::string_view);
template result<exercise_reply> decode(std::string_view);
template result<plugins_why_request> decode(std::string_view);
template result<plugins_why_reply> decode(std::string_view);
template result<people_me_request> decode(std::string_view);
template result<people_duty_request> decode(std::string_view);
template result<people_list_request> decode(std::string_view);
template result<people_suspend_request> decode(std::string_view);
template result<proposals_list_request> decode(std::string_view);
template result<proposals_open_request> decode(std::string_view);
template result<proposals_decide_request> decode(std::string_view);
template result<sessions_list_request> decode(std::string_view);
template result<sessions_end_request> decode(std::string_view);
template result<me_reply> decode(std::string_view);
template result<people_reply> decode(std::string_view);
template result<proposals_reply> decode(std::string_view);
template result<sessions_reply> decode(std::string_view);
template result<error_reply> decode(std::string_view);

result<request> decode_request(const request_address& address, std::string_view body) {
  if (address.service == "state" && address.verb == "snapshot")
    return read<snapshot_request>(body, max_body_bytes);
  if (address.service == "plugins" && address.verb == "list")
    return read<plugins_list_request>(body, max_body_bytes);
  if (address.service == "plugins" && address.verb == "exercise")
    return read<exercise_request>(body, max_body_bytes);
  if (address.service == "plugins" && address.verb == "why")
    return read<plugins_why_request>(body, max_body_bytes);
  if (address.service == "events" && address.verb == "recent") return read_recent(body);
  if (address.service == "live" && address.verb == "open")
    return read_access<live_open_request>(body);
  if (address.service == "replay" && address.verb == "open")
    return read_access<replay_open_request>(body);
  return read_about_people(address, body);
}

std::optional<std::string> correlation_of(std::string_view body) {
  const auto parsed = parse_object(body, max_body_bytes);
  if (!parsed) return std::nullopt;
  const auto found = parsed->find("correlation");
  if (found == parsed->end()) return std::nullopt;
  const auto* text = found->get_ptr<const std::string*>();
  if (text == nullptr || text->empty() || text->size() > max_correlation_bytes ||
      has_control_character(*text))
    return std::nullopt;
  return *text;
}

}  // namespace vigie::bus
