// SPDX-License-Identifier: Apache-2.0
#include "bus/subjects.hpp"
#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// NATS' rule of matching, written the slow way.
bool slow_match(std::string_view pattern, std::string_view name) {
  const auto head = [](std::string_view text) { return text.substr(0, text.find('.')); };
  const auto has_tail = [](std::string_view text) { return text.find('.') != text.npos; };
  const auto tail = [](std::string_view text) { return text.substr(text.find('.') + 1); };
  if (pattern == ">") return true;
  const bool fits = head(pattern) == "*" || head(pattern) == head(name);
  if (!fits || has_tail(pattern) != has_tail(name)) return false;
  return !has_tail(pattern) || slow_match(tail(pattern), tail(name));
}

/// Two lines: a pattern and a name. Who asks is read from a subject the server checked, so a
/// subject that is taken has exactly one reading.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto text = text_of(own);
  const auto end = text.find('\n');
  const auto pattern = text.substr(0, end);
  const auto name = end == text.npos ? std::string_view{} : text.substr(end + 1);
  if (bus::subject::is_publishable(name)) {
    require(name.size() <= 255, "a subject has at most 255 characters");
    require(bus::subject::matches(name, name), "a name matches itself");
    require(bus::subject::matches(">", name), "everything matches >");
    if (text.find("..") == text.npos && !pattern.empty() && pattern.front() != '.' &&
        pattern.back() != '.')
      require(bus::subject::matches(pattern, name) == slow_match(pattern, name), "as the slow way");
  }
  if (const auto address = bus::parse_request_subject(name)) {
    require(is_id_text(address->user) && is_id_text(address->service) && is_id_text(address->verb),
            "ids only");
    require(bus::subject::request(address->user, address->service, address->verb) == name,
            "one reading");
    require(bus::subject::is_publishable(name) &&
                bus::subject::matches(bus::subject::all_requests, name),
            "a request falls under all requests");
  }
}

std::vector<std::string> seeds() {
  return {"vigie.v1.request.>\nvigie.v1.request.u-1.live.open",
          "vigie.*.state.*.*.*\nvigie.v1.state.95018.a.b", ">\na", "*\na.b", "a.>\na"};
}

const registration self{
    {"bus_subjects", run, seeds, {"vigie.v1.", "request.", ".>", ".*", "..", "\n", "state."}}};

}  // namespace
