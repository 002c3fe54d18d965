// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "cap_https/alert.hpp"
#include "cap_https/answer.hpp"
#include "cap_https/rules.hpp"
#include "common_notifier/https.hpp"
#include "common_notifier/shell.hpp"

namespace vigie::cap {

namespace {

using namespace notifier;

struct recipient {
  endpoint at;
  std::string sender;
};

class cap_channel final : public channel {
 public:
  result<void> read(const nlohmann::json& config) {
    config_reader top{config, "", {"sender", "sender_name", "time_offset", "recipients"}};
    from_.sender = top.required("sender");
    from_.sender_name = clean_text(top.optional("sender_name"));
    from_.zone = read_zone(top);
    if (clean_text(from_.sender) != from_.sender ||
        from_.sender.find_first_of(" ,<&") != std::string::npos)
      top.refuse("sender", "must have no space, comma, '<' or '&' (CAP 1.2)");
    if (!top.problem().empty()) return fail(VIGIE_E_INVALID, top.problem());
    return read_recipients(config, [this](const std::string& id, const nlohmann::json& object) {
      config_reader one{object, "recipients." + id, {VIGIE_ENDPOINT_KEYS, "sender"}};
      const recipient to{read_endpoint(one, {"https://"}, true), one.optional("sender")};
      if (!one.problem().empty()) return result<void>{fail(VIGIE_E_INVALID, one.problem())};
      recipients_.emplace(id, to);
      return result<void>{};
    });
  }

  result<outcome> deliver(const notification& n) override {
    const recipient* to = find(n.recipient);
    if (to == nullptr) return fail(VIGIE_E_NOT_FOUND, "no such recipient is configured");
    const auto alert = write_alert(from_, n);
    if (!alert) return tl::unexpected{alert.error()};
    if (const auto breaches = breaches_of(*alert); !breaches.empty())
      return fail(VIGIE_E_INTERNAL, "the alert breaks CAP 1.2: " + breaches.front());
    const auto answer = https_post(
        to->at, {"Content-Type: application/cap+xml", "Accept: application/cap+xml"}, *alert);
    if (!answer) return tl::unexpected{answer.error()};
    if (const auto fine = judge_http_status(answer->status); !fine)
      return tl::unexpected{fine.error()};
    const std::string_view status = n.is_actual()                       ? "Actual"
                                    : n.status == VIGIE_NOTIFY_EXERCISE ? "Exercise"
                                                                        : "Test";
    return read_answer({name_of(from_, n), status, to->sender}, answer->body);
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

  author from_;
  std::map<std::string, recipient, std::less<>> recipients_;
};

result<std::unique_ptr<channel>> make(const nlohmann::json& config) {
  auto made = std::make_unique<cap_channel>();
  if (const result<void> read = made->read(config); !read) return tl::unexpected{read.error()};
  return made;
}

}  // namespace

class cap_https_plugin final : public channel_plugin {
 public:
  cap_https_plugin() : channel_plugin{&make} {}
};

}  // namespace vigie::cap

VIGIE_PLUGIN(vigie::cap::cap_https_plugin, "fr.vigie.cap_https", "CAP 1.2 over HTTPS", "Vigie",
             "1.0.0");
