// SPDX-License-Identifier: Apache-2.0
#include "cap_https/answer.hpp"

#include "fuzz/target.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

const cap::message_name ours{"csu.example", "inc-42", "2026-11-21T18:14:00+01:00"};

/// What a recipient's system answers to an alert: it acknowledges only with our own message's name
/// in it.
void run(byte_view bytes) {
  const auto own = copy_of(bytes);
  const auto text = text_of(own);
  const auto judged = cap::read_answer({ours, "Actual", "corg.example"}, text);
  if (!judged || judged->kind != VIGIE_DELIVERY_ACKNOWLEDGED) return;
  require(text.find("corg.example") != text.npos || text.find('&') != text.npos,
          "an Ack is of the expected sender");
  require(text.find("42") != text.npos || text.find('&') != text.npos, "an Ack names our message");
}

std::vector<std::string> seeds() {
  const auto reply = [](const std::string& type, const std::string& sender) {
    return "<?xml version=\"1.0\"?><alert "
           "xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>ack-9</identifier>"
           "<sender>" +
           sender +
           "</sender><sent>2026-11-21T17:15:00-00:00</sent><status>Actual</status><msgType>" +
           type +
           "</msgType><scope>Private</scope><addresses>csu.example</addresses><note>seen</"
           "note><references>" +
           ours.as_reference() + "</references></alert>";
  };
  return {reply("Ack", "corg.example"), reply("Error", "corg.example"),
          reply("Ack", "other.example"), ""};
}

const registration self{
    {"cap_answer",
     run,
     seeds,
     {"<references>", "<msgType>Ack", "<sender>", "&#44;", "<!DOCTYPE", "<![CDATA[", "</alert>"}}};

}  // namespace
