// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <map>

#include "common_notifier/https.hpp"
#include "common_notifier/shell.hpp"
#include "webhook/message.hpp"

namespace vigie::webhook {

namespace {

using namespace notifier;

// As long as half of the digest: shorter secrets are guessed before they are forged.
constexpr std::size_t shortest_secret_bytes = 16;

struct recipient {
  endpoint at;
  std::string secret;
  std::string key_id;
};

class webhook_channel final : public channel {
 public:
  result<void> read(const nlohmann::json& config) {
    config_reader top{config, "", {"recipients"}};
    if (!top.problem().empty()) return fail(VIGIE_E_INVALID, top.problem());
    return read_recipients(config, [this](const std::string& id, const nlohmann::json& object) {
      config_reader one{
          object, "recipients." + id, {VIGIE_ENDPOINT_KEYS, "secret", "secret_file", "key_id"}};
      const recipient to{read_endpoint(one, {"https://"}, false), one.text_or_file("secret", true),
                         one.optional("key_id")};
      if (to.secret.size() < shortest_secret_bytes)
        one.refuse("secret", "must have 16 bytes or more");
      if (encode_key(to.key_id) != to.key_id)
        one.refuse("key_id", "is made of letters, digits, '_' and '-'");
      if (!one.problem().empty()) return result<void>{fail(VIGIE_E_INVALID, one.problem())};
      recipients_.emplace(id, to);
      return result<void>{};
    });
  }

  result<outcome> deliver(const notification& n) override {
    const recipient* to = find(n.recipient);
    if (to == nullptr) return fail(VIGIE_E_NOT_FOUND, "no such recipient is configured");
    const std::string body = write_body(n);
    const std::int64_t now_s = std::chrono::duration_cast<std::chrono::seconds>(
                                   std::chrono::system_clock::now().time_since_epoch())
                                   .count();
    const auto answer =
        https_post(to->at, write_headers(n.key, to->secret, to->key_id, now_s, body), body);
    if (!answer) return tl::unexpected{answer.error()};
    return read_answer(answer->status, answer->body);
  }

  result<void> probe(std::string_view id) override {
    const recipient* to = find(id);
    if (to == nullptr) return fail(VIGIE_E_NOT_FOUND, "no such recipient is configured");
    return https_probe(to->at);
  }

 private:
  const recipient* find(std::string_view id) const {
    const auto found = recipients_.find(id);
    return found == recipients_.end() ? nullptr : &found->second;
  }

  std::map<std::string, recipient, std::less<>> recipients_;
};

result<std::unique_ptr<channel>> make(const nlohmann::json& config) {
  auto made = std::make_unique<webhook_channel>();
  if (const result<void> read = made->read(config); !read) return tl::unexpected{read.error()};
  return made;
}

}  // namespace

class webhook_plugin final : public channel_plugin {
 public:
  webhook_plugin() : channel_plugin{&make} {}
};

}  // namespace vigie::webhook

VIGIE_PLUGIN(vigie::webhook::webhook_plugin, "fr.vigie.webhook", "Signed webhook", "Vigie",
             "1.0.0");
