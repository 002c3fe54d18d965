// SPDX-License-Identifier: Apache-2.0
#include "webhook/message.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <nlohmann/json.hpp>

#include "common_notifier/https.hpp"
#include "common_notifier/text.hpp"

namespace vigie::webhook {

namespace {

const char* status_of(const notifier::notification& n) {
  if (n.status == VIGIE_NOTIFY_ACTUAL) return "actual";
  return n.status == VIGIE_NOTIFY_EXERCISE ? "exercise" : "test";
}

std::string short_text(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return {};
  return notifier::clean_text(found->get_ref<const std::string&>()).substr(0, 200);
}

}  // namespace

std::string write_body(const notifier::notification& n) {
  nlohmann::ordered_json body{{"v", 1},
                              {"kind", "notification"},
                              {"key", notifier::encode_key(n.key)},
                              {"recipient", n.recipient},
                              {"status", status_of(n)},
                              {"incident", n.incident},
                              {"event", n.event},
                              {"headline", n.headline},
                              {"description", n.description},
                              {"instruction", n.instruction},
                              {"commune", n.commune_insee},
                              {"place", n.place},
                              {"camera", n.camera},
                              {"at", notifier::rfc3339_utc(n.at_utc_us)},
                              {"priority", n.priority}};
  if (n.has_position()) {
    body["latitude"] = n.latitude_microdeg / 1e6;
    body["longitude"] = n.longitude_microdeg / 1e6;
  }
  return body.dump();
}

std::string sign(std::string_view secret, std::int64_t timestamp_s, std::string_view body) {
  const std::string signed_text = fmt::format("{}.{}", timestamp_s, body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(),
       digest.data(), &length);
  return notifier::to_hex(digest.data(), length);
}

std::vector<std::string> write_headers(std::string_view key, std::string_view secret,
                                       std::string_view key_id, std::int64_t timestamp_s,
                                       std::string_view body) {
  std::vector<std::string> lines{
      "Content-Type: application/json",
      fmt::format("Idempotency-Key: {}", notifier::encode_key(key)),
      fmt::format("Vigie-Timestamp: {}", timestamp_s),
      fmt::format("Vigie-Signature: v1={}", sign(secret, timestamp_s, body)),
  };
  if (!key_id.empty()) lines.push_back(fmt::format("Vigie-Key-Id: {}", key_id));
  return lines;
}

notifier::result<notifier::outcome> read_answer(long status, std::string_view body) {
  constexpr long conflict = 409;
  if (status != conflict)
    if (const auto fine = notifier::judge_http_status(status); !fine)
      return tl::unexpected{fine.error()};
  notifier::outcome done;
  done.kind = VIGIE_DELIVERY_DELIVERED;
  const auto answer = nlohmann::json::parse(body, nullptr, false);
  if (!answer.is_object()) return done;
  done.reference = short_text(answer, "reference");
  const auto acknowledged = answer.find("acknowledged");
  if (acknowledged != answer.end() && *acknowledged == true)
    done.kind = VIGIE_DELIVERY_ACKNOWLEDGED;
  return done;
}

}  // namespace vigie::webhook
