// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "bus/codec.hpp"
#include "bus/request_dispatch.hpp"
#include "fuzz/target.hpp"
#include "support/bus_samples.hpp"

namespace {

using namespace vigie;
using namespace vigie::fuzz;

/// What the bus hands over (a subject of the sender's choice and any body) with a handler that
/// answers, answers twice, forgets or throws: exactly one answer, and who asks is who the subject
/// says, which is what the server let through.
void run(byte_view bytes) {
  input in{bytes};
  const auto conduct = in.u8() % 4;
  const auto parts = packets_of(in);
  const auto own_subject = copy_of(parts.empty() ? byte_view{} : parts[0]);
  const auto own_body = copy_of(parts.size() < 2 ? byte_view{} : parts[1]);
  const auto subject = text_of(own_subject);
  std::vector<std::string> answers;
  bool is_handled = false;
  bus::dispatch_request(
      [&](const bus::request_address& from, std::string body, bus::reply_function reply) {
        is_handled = true;
        require(body == text_of(own_body), "the body as it came");
        require(subject == "vigie.v1.request." + from.user + "." + from.service + "." + from.verb,
                "who asks what is in the subject, and nothing else is");
        require(is_id_text(from.user), "a user is a plain name");
        if (conduct == 0) reply("first");
        if (conduct == 1) {
          reply("first");
          reply("second");
        }
        if (conduct == 2) throw std::runtime_error{"out of order"};
      },
      subject, std::string{text_of(own_body)},
      [&answers](std::string answer) { answers.push_back(std::move(answer)); });
  require(answers.size() == 1, "one request, one answer");
  if (is_handled && conduct < 2)
    require(answers[0] == "first", "the first answer counts");
  else
    require(bus::decode<bus::error_reply>(answers[0]).has_value(), "a refusal can be read");
}

std::vector<std::string> seeds() {
  const auto live = bus::encode(test::sample_live_request());
  std::vector<std::string> out;
  for (const char conduct : {'\0', '\1', '\2', '\3'})
    out.push_back(conduct + in_packets({"vigie.v1.request.u-1.live.open", live}));
  out.push_back(std::string(1, '\0') + in_packets({"vigie.v1.request.u-1.live", live}));
  out.push_back(std::string(1, '\0') + in_packets({"vigie.v1.request.*.live.open", "{}"}));
  out.push_back(std::string(1, '\0') + in_packets({"vigie.v1.request.u-1.live.open.x", "["}));
  return out;
}

const registration self{{"bus_dispatch",
                         run,
                         seeds,
                         {"vigie.v1.request.", ".", "*", ">", "live", "open", "\"correlation\":\"",
                          "_INBOX.", "\\ud800", "{}"}}};

}  // namespace
