// SPDX-License-Identifier: Apache-2.0
// {{name}}: asks the operator to pass an alert on by telephone.
#include <vigie/sdk.hpp>

#include <string>

namespace sdk = vigie::sdk;

namespace {

class {{name}}_plugin final : public sdk::notifier_plugin {
public:
  void deliver(const sdk::notification& alert) override {
    std::string text;
    // Never may an exercise sound like the real thing.
    if (alert.status != sdk::notification_status::actual) text += "EXERCICE. ";
    text += alert.headline;
    text += ", ";
    text += alert.place;

    sdk::delivery_report out;
    out.outcome = sdk::outcome::needs_human;
    out.key = alert.key;
    out.recipient = alert.recipient;
    out.text = text;
    if (report(out) != sdk::status::ok)
      throw sdk::failure(sdk::status::internal, "the report was not taken");
  }
};

}  // namespace

VIGIE_PLUGIN({{name}}_plugin, "org.example.{{name}}", "{{name}}", "Example", "0.1.0");
