// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "common_notifier/config.hpp"
#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// A notifier's configuration and the texts it sends: read strictly, told in words, and no text
/// breaks out of the line it stands in.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto text = text_of(own);
  const auto clean = notifier::clean_text(text);
  for (const char c : clean)
    require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "no control characters");
  require(notifier::clean_text(clean) == clean, "clean text is clean");
  const auto key = notifier::encode_key(text);
  require(key.find_first_not_of(
              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_%") == key.npos,
          "a key is legal everywhere");
  require(key.size() >= text.size() && key.size() <= 3 * text.size(),
          "different keys stay different");

  const auto config = nlohmann::json::parse(text, nullptr, false);
  if (config.is_discarded()) return;
  std::size_t recipients = 0;
  const auto done =
      notifier::read_recipients(config, [&](const std::string& id, const nlohmann::json& object) {
        require(notifier::is_recipient_id(id), "ids are ids");
        ++recipients;
        notifier::config_reader reader{
            object, "recipients." + id, {"url", "time_offset", "retries", "tags"}};
        reader.required("url");
        const auto retries = reader.number("retries", 3, 0, 10);
        require(retries >= 0 && retries <= 10, "a number within its bounds");
        reader.strings("tags");
        const auto zone = notifier::read_zone(reader);
        require(notifier::cap_time(notifier::civil_in(zone, 1'795'000'000'000'000)).size() == 25,
                "a time in any zone");
        return notifier::result<void>{};
      });
  require(!done || recipients > 0, "taken with a recipient, or refused");
}

std::vector<std::string> seeds() {
  return {
      R"({"recipients":{"corg":{"url":"https://a/","retries":2,"tags":["x","y"],"time_offset":"+04:00"}}})",
      R"({"recipients":{}})", R"({"recipients":{"A b":{}}})", "na\xc3\xafve \xff\r\nBcc: x",
      R"([1,2])"};
}

const registration self{
    {"notifier_config",
     run,
     seeds,
     {"\"recipients\":", "\"url\":", "\"time_offset\":\"", "+14:00", "-12:60", "null", "1e99",
      "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x80\xa8"}}};

}  // namespace
