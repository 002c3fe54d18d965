// SPDX-License-Identifier: Apache-2.0
#include <utility>
// boost/asio needs <utility> before it in C++20.
#include <fmt/format.h>
#include <signal.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>
#include <vector>

#include "recipients/desks.hpp"
#include "recipients/office.hpp"

namespace vigie::simulators {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using nlohmann::json;

// -- the common room ---

mood common_room::next_mood(const std::string& recipient) {
  const std::scoped_lock lock{mutex_};
  mood& current = moods_[recipient];
  const mood now = current;
  if (current.times > 0 && --current.times == 0) current = {};
  return now;
}

void common_room::set_mood(const std::string& recipient, const mood& m) {
  const std::scoped_lock lock{mutex_};
  moods_[recipient] = m;
}

void common_room::linger(std::chrono::milliseconds time) {
  std::unique_lock lock{mutex_};
  bell_.wait_for(lock, time, [this] { return is_closing_.load(); });
}

void common_room::close() {
  const std::scoped_lock lock{mutex_};
  is_closing_ = true;
  bell_.notify_all();
}

// -- the office ---

struct office::rooms {
  recipients_options options;
  common_room room;
  ssl::context mutual_tls{ssl::context::tls_server};
  ssl::context plain_tls{ssl::context::tls_server};
  std::vector<std::unique_ptr<door>> doors;

  void load_certificates() {
    for (ssl::context* one : {&mutual_tls, &plain_tls}) {
      one->use_certificate_chain_file(options.certificate_file);
      one->use_private_key_file(options.key_file, ssl::context::pem);
    }
    if (options.client_ca_file.empty()) return;
    mutual_tls.load_verify_file(options.client_ca_file);
    mutual_tls.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  }

  void serve(const desk_options& desk, door::socket& peer) {
    switch (desk.kind) {
      case desk_kind::cap:
        return serve_cap(peer, mutual_tls, room, desk);
      case desk_kind::webhook:
        return serve_webhook(peer, plain_tls, room, desk);
      case desk_kind::smtp:
        return serve_smtp(peer, plain_tls, room, desk);
    }
  }

  result<void> add(const std::string& address, door::serve with) {
    if (address.empty()) return {};
    auto opened = door::open(address, std::move(with));
    if (!opened) return tl::unexpected{opened.error()};
    doors.push_back(std::move(*opened));
    return {};
  }
};

office::office() : rooms_{std::make_unique<rooms>()} {}

result<std::unique_ptr<office>> office::open(const recipients_options& options) {
  std::unique_ptr<office> made{new office};
  rooms& r = *made->rooms_;
  r.options = options;
  try {
    r.load_certificates();
  } catch (const boost::system::system_error& e) {
    return fail(errc::config_invalid, fmt::format("certificates: {}", e.what()));
  }
  const auto control = [office = made.get()](door::socket& peer) {
    std::string received;
    while (true) {
      const std::size_t length =
          asio::read_until(peer, asio::dynamic_buffer(received, 64 * 1024), '\n');
      const std::string reply = office->on_control_line(received.substr(0, length - 1)) + "\n";
      received.erase(0, length);
      asio::write(peer, asio::buffer(reply));
    }
  };
  for (const desk_options& desk : r.options.desks)
    if (auto opened = r.add(desk.listen, [&](door::socket& p) { r.serve(desk, p); }); !opened)
      return tl::unexpected{opened.error()};
  if (auto opened = r.add(options.control, control); !opened) return tl::unexpected{opened.error()};
  return made;
}

office::~office() {
  rooms_->room.close();
  rooms_->doors.clear();
}

void office::wait() {
  static std::atomic<bool> is_asked_to_stop = false;
  struct sigaction action {};
  action.sa_handler = [](int) { is_asked_to_stop = true; };
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  while (!rooms_->room.is_closing() && !is_asked_to_stop)
    rooms_->room.linger(std::chrono::milliseconds{100});
}

std::string office::on_control_line(std::string_view line) {
  const json request = json::parse(line, nullptr, false);
  const auto complain = [](const char* what) { return json{{"error", what}}.dump(); };
  if (!request.is_object()) return complain("a line must be one JSON object");
  const json command = request.value("cmd", json{});
  if (command == "ledger") return rooms_->room.book.to_json();
  if (command == "stop") {
    rooms_->room.close();
    return R"({"ok":true})";
  }
  if (command != "behave") return complain("\"cmd\" must be behave, ledger or stop");
  const json recipient = request.value("recipient", json{});
  const json name = request.value("behaviour", json{});
  const auto is = name.is_string() ? behaviour_from(name.get<std::string>()) : std::nullopt;
  if (!is) return complain("\"behaviour\" is none that a recipient has");
  const json delay = request.value("delay_ms", json(500));
  const json times = request.value("times", json(0));
  if (!delay.is_number_unsigned() || delay > 60'000 || !times.is_number_unsigned() ||
      times > 1'000'000)
    return complain("\"delay_ms\" and \"times\" are whole numbers");
  const mood m{*is, std::chrono::milliseconds{delay.get<unsigned>()}, times.get<unsigned>()};
  bool is_known = false;
  for (const desk_options& desk : rooms_->options.desks)
    if (recipient == desk.name || recipient == "all") {
      rooms_->room.set_mood(desk.name, m);
      is_known = true;
    }
  return is_known ? R"({"ok":true})" : complain("\"recipient\" is none that is here, nor all");
}

std::string office::ledger_json() const { return rooms_->room.book.to_json(); }

std::string behave_line(const std::string& recipient, const std::string& behaviour_name,
                        unsigned delay_ms, unsigned times) {
  return json{{"cmd", "behave"},
              {"recipient", recipient},
              {"behaviour", behaviour_name},
              {"delay_ms", delay_ms},
              {"times", times}}
      .dump();
}

}  // namespace vigie::simulators
