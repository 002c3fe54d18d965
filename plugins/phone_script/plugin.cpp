// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "common_notifier/config.hpp"
#include "common_notifier/shell.hpp"
#include "phone_script/script.hpp"

namespace vigie::phone_script {

namespace {

using namespace notifier;

class script_channel final : public channel {
 public:
  result<void> read(const nlohmann::json& config) {
    config_reader top{config, "", {"centre", "time_offset", "recipients"}};
    from_.centre = clean_text(top.required("centre"));
    from_.zone = read_zone(top);
    if (!top.problem().empty()) return fail(VIGIE_E_INVALID, top.problem());
    return read_recipients(config, [this](const std::string& id, const nlohmann::json& object) {
      config_reader one{object, "recipients." + id, {"name", "number", "second_number"}};
      const callee to{clean_text(one.required("name")), one.required("number"),
                      one.optional("second_number")};
      if (!is_number(to.number)) one.refuse("number", "is no telephone number");
      if (!to.second.empty() && !is_number(to.second))
        one.refuse("second_number", "is no telephone number");
      if (!one.problem().empty()) return result<void>{fail(VIGIE_E_INVALID, one.problem())};
      callees_.emplace(id, to);
      return result<void>{};
    });
  }

  result<outcome> deliver(const notification& n) override {
    const auto to = callees_.find(n.recipient);
    if (to == callees_.end()) return fail(VIGIE_E_NOT_FOUND, "no such recipient is configured");
    return outcome{VIGIE_DELIVERY_NEEDS_HUMAN, to->second.number,
                   write_script(from_, to->second, n)};
  }

  result<void> probe(std::string_view id) override {
    if (callees_.find(id) == callees_.end())
      return fail(VIGIE_E_NOT_FOUND, "no such recipient is configured");
    return {};
  }

 private:
  caller from_;
  std::map<std::string, callee, std::less<>> callees_;
};

result<std::unique_ptr<channel>> make(const nlohmann::json& config) {
  auto made = std::make_unique<script_channel>();
  if (const result<void> read = made->read(config); !read) return tl::unexpected{read.error()};
  return made;
}

}  // namespace

class phone_script_plugin final : public channel_plugin {
 public:
  phone_script_plugin() : channel_plugin{&make} {}
};

}  // namespace vigie::phone_script

VIGIE_PLUGIN(vigie::phone_script::phone_script_plugin, "fr.vigie.phone_script",
             "Call by an operator", "Vigie", "1.0.0");
