// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <map>

#include "common_notifier/curl_internal.hpp"
#include "common_notifier/shell.hpp"
#include "smtp/mail.hpp"

namespace vigie::smtp {

namespace {

using namespace notifier;

struct recipient {
  endpoint relay;
  std::string username;
  std::string password;
  std::vector<std::string> to;
};

// What libcurl reads the message from, and the relay's replies as they come.
struct dialogue {
  std::string_view unsent;
  std::string last_reply;

  static std::size_t give(char* into, std::size_t size, std::size_t count, void* self) {
    dialogue& d = *static_cast<dialogue*>(self);
    const std::size_t bytes = std::min(size * count, d.unsent.size());
    std::memcpy(into, d.unsent.data(), bytes);
    d.unsent.remove_prefix(bytes);
    return bytes;
  }
  static std::size_t hear(char* line, std::size_t size, std::size_t count, void* self) {
    static_cast<dialogue*>(self)->last_reply.assign(line, size * count);
    return size * count;
  }
};

class smtp_channel final : public channel {
 public:
  result<void> read(const nlohmann::json& config) {
    config_reader top{config, "", {"from", "from_name", "time_offset", "recipients"}};
    head_.from = top.required("from");
    head_.from_name = clean_text(top.optional("from_name"));
    head_.zone = read_zone(top);
    if (!is_address(head_.from)) top.refuse("from", "is no mail address");
    if (!top.problem().empty()) return fail(VIGIE_E_INVALID, top.problem());
    return read_recipients(config, [this](const std::string& id, const nlohmann::json& object) {
      config_reader one{object,
                        "recipients." + id,
                        {VIGIE_ENDPOINT_KEYS, "to", "username", "password", "password_file"}};
      const recipient r{read_endpoint(one, {"smtp://", "smtps://"}, false),
                        one.optional("username"), one.text_or_file("password", false),
                        one.strings("to")};
      if (r.to.empty()) one.refuse("to", "names nobody");
      if (!std::all_of(r.to.begin(), r.to.end(), [](const auto& to) { return is_address(to); }))
        one.refuse("to", "has something that is no mail address");
      if (r.username.empty() != r.password.empty())
        one.refuse("password", "comes with a username, and a username with its password");
      if (!one.problem().empty()) return result<void>{fail(VIGIE_E_INVALID, one.problem())};
      recipients_.emplace(id, r);
      return result<void>{};
    });
  }

  result<outcome> deliver(const notification& n) override {
    const recipient* to = find(n.recipient);
    if (to == nullptr) return fail(VIGIE_E_NOT_FOUND, "no such recipient is configured");
    if (n.event.empty()) return fail(VIGIE_E_INVALID, "a mail needs an event");
    const std::string mail = write_mail(head_, to->to, n);
    dialogue talk{mail, {}};
    curl_transfer transfer{to->relay};
    prepare(transfer, *to, talk);
    const std::string sender = "<" + head_.from + ">";
    transfer.set(CURLOPT_MAIL_FROM, sender.c_str());
    transfer.use_list(CURLOPT_MAIL_RCPT, to->to);
    transfer.set(CURLOPT_READFUNCTION, &dialogue::give);
    transfer.set(CURLOPT_READDATA, &talk);
    transfer.set(CURLOPT_UPLOAD, 1L);
    transfer.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.size()));
    if (const auto ran = run(transfer); !ran) return tl::unexpected{ran.error()};
    return outcome{VIGIE_DELIVERY_DELIVERED, queue_number(talk.last_reply), {}};
  }

  result<void> probe(std::string_view id) override {
    const recipient* to = find(id);
    if (to == nullptr) return fail(VIGIE_E_NOT_FOUND, "no such recipient is configured");
    dialogue talk;
    curl_transfer transfer{to->relay};
    prepare(transfer, *to, talk);
    transfer.set(CURLOPT_CUSTOMREQUEST, "NOOP");
    transfer.set(CURLOPT_NOBODY, 1L);
    return run(transfer);
  }

 private:
  // Encryption is asked of smtp:// too (STARTTLS, RFC 3207): a relay without it gets nothing.
  static void prepare(curl_transfer& transfer, const recipient& to, dialogue& talk) {
    transfer.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    transfer.set(CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    transfer.set(CURLOPT_HEADERFUNCTION, &dialogue::hear);
    transfer.set(CURLOPT_HEADERDATA, &talk);
    if (to.username.empty()) return;
    transfer.set(CURLOPT_USERNAME, to.username.c_str());
    transfer.set(CURLOPT_PASSWORD, to.password.c_str());
  }

  static result<void> run(curl_transfer& transfer) {
    result<void> ran = transfer.run();
    if (!ran && ran.error().status == VIGIE_E_IO)
      ran.error().status = judge_smtp_status(transfer.peer_status(), VIGIE_E_IO);
    return ran;
  }

  const recipient* find(std::string_view id) const {
    const auto found = recipients_.find(id);
    return found == recipients_.end() ? nullptr : &found->second;
  }

  letterhead head_;
  std::map<std::string, recipient, std::less<>> recipients_;
};

result<std::unique_ptr<channel>> make(const nlohmann::json& config) {
  auto made = std::make_unique<smtp_channel>();
  if (const result<void> read = made->read(config); !read) return tl::unexpected{read.error()};
  return made;
}

}  // namespace

class smtp_plugin final : public channel_plugin {
 public:
  smtp_plugin() : channel_plugin{&make} {}
};

}  // namespace vigie::smtp

VIGIE_PLUGIN(vigie::smtp::smtp_plugin, "fr.vigie.smtp", "Mail", "Vigie", "1.0.0");
