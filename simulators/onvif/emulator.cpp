// SPDX-License-Identifier: Apache-2.0
#include "onvif/emulator.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <nlohmann/json.hpp>
#include <vector>

#include "camera_farm/farm_options.hpp"
#include "camera_farm/faults.hpp"
#include "onvif/http_door.hpp"

namespace vigie::simulators::onvif {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using nlohmann::json;

class asio_scheduler final : public scheduler {
 public:
  explicit asio_scheduler(asio::io_context& io) : io_{io} {}
  void after(std::chrono::milliseconds delay, std::function<void()> what) override {
    auto timer = std::make_shared<asio::steady_timer>(io_, delay);
    timer->async_wait([timer, what = std::move(what)](boost::system::error_code problem) {
      if (!problem) what();
    });
  }

 private:
  asio::io_context& io_;
};

template <class Endpoint>
result<Endpoint> endpoint_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  boost::system::error_code problem;
  const auto address = asio::ip::make_address(text.substr(0, colon), problem);
  const int port = colon == std::string::npos ? 0 : std::atoi(text.c_str() + colon + 1);
  if (problem || port <= 0 || port > 65535)
    return fail(errc::config_invalid, fmt::format("\"{}\" is no address:port", text));
  return Endpoint{address, static_cast<unsigned short>(port)};
}

std::vector<std::string> strings_of(const json& value) {
  if (value.is_string()) return {value.get<std::string>()};
  std::vector<std::string> all;
  if (value.is_array())
    for (const json& one : value)
      if (one.is_string()) all.push_back(one.get<std::string>());
  return all;
}

json to_json(const device_stats& s) {
  json masks = json::array();
  for (const mask& m : s.masks)
    masks.push_back({{"token", m.token}, {"polygon", m.polygon}, {"enabled", m.is_enabled}});
  return {{"id", s.id},
          {"fault", name_of(s.current)},
          {"requests", s.requests},
          {"refused", s.refused},
          {"moves", s.moves},
          {"stops", s.stops},
          {"moving", s.is_moving},
          {"pan", s.position.pan},
          {"tilt", s.position.tilt},
          {"zoom", s.position.zoom},
          {"preset", s.preset},
          {"masks", std::move(masks)},
          {"subscriptions", s.events.subscriptions},
          {"created", s.events.created},
          {"pulls", s.events.pulls},
          {"renewals", s.events.renewals},
          {"unsubscribed", s.events.unsubscribed}};
}

}  // namespace

struct emulator::state {
  explicit state(const emulator_options& o)
      : options{o}, timers{io}, signals{io, SIGINT, SIGTERM} {}

  // -- a line of the control door --
  json fault_line(const json& request, const std::vector<unsigned>& cameras) {
    const json name = request.value("fault", json{});
    const auto what = name.is_string() ? device_fault_from(name.get<std::string>()) : std::nullopt;
    if (!what) return {{"error", "\"fault\" is none that this emulator knows"}};
    const json seconds = request.value("seconds", json(0));
    const double heal_s = seconds.is_number() ? seconds.get<double>() : 0;
    for (const unsigned i : cameras) {
      devices[i - 1]->apply(*what);
      if (heal_s > 0)
        timers.after(std::chrono::milliseconds{static_cast<std::int64_t>(heal_s * 1000)},
                     [this, i] { devices[i - 1]->apply(device_fault::none); });
    }
    return {{"ok", true}, {"cameras", cameras.size()}};
  }
  json event_line(const json& request, const std::vector<unsigned>& cameras) {
    const json name = request.value("event", json{}), active = request.value("active", json(true));
    if (!name.is_string() || !active.is_boolean()) return {{"error", "\"event\" is no name"}};
    for (const unsigned i : cameras)
      if (!devices[i - 1]->tell(name.get<std::string>(), active.get<bool>()))
        return {{"error", "\"event\" is none that this emulator knows"}};
    return {{"ok", true}, {"cameras", cameras.size()}};
  }
  json answer(const json& request) {
    if (!request.is_object()) return {{"error", "a line must be one JSON object"}};
    const json command = request.value("cmd", json{});
    if (command == "stop") {
      io.stop();
      return {{"ok", true}};
    }
    if (command == "stats") {
      json all = json::array();
      for (const auto& one : devices) all.push_back(to_json(one->stats()));
      return {{"cameras", std::move(all)}};
    }
    if (command != "fault" && command != "event")
      return {{"error", "\"cmd\" must be fault, event, stats or stop"}};
    const auto cameras =
        cameras_named(strings_of(request.value("cameras", json{})), options.cameras);
    if (!cameras) return {{"error", cameras.error().detail}};
    return command == "fault" ? fault_line(request, *cameras) : event_line(request, *cameras);
  }

  // -- the control door: one line in, one line out --
  struct control_session {
    explicit control_session(tcp::socket s) : socket{std::move(s)} {}
    tcp::socket socket;
    asio::streambuf received{64 * 1024};
    std::string reply;
  };
  void serve(const std::shared_ptr<control_session>& s) {
    asio::async_read_until(
        s->socket, s->received, '\n', [this, s](boost::system::error_code problem, std::size_t n) {
          if (problem) return;
          const auto* data = static_cast<const char*>(s->received.data().data());
          const json request = json::parse(data, data + n, nullptr, false);
          s->received.consume(n);
          s->reply = answer(request).dump() + "\n";
          asio::async_write(s->socket, asio::buffer(s->reply),
                            [this, s](boost::system::error_code failed, std::size_t) {
                              if (!failed) serve(s);
                            });
        });
  }
  void accept_control() {
    control->async_accept([this](boost::system::error_code problem, tcp::socket socket) {
      if (!problem) serve(std::make_shared<control_session>(std::move(socket)));
      if (problem != asio::error::operation_aborted) accept_control();
    });
  }

  // -- WS-Discovery --
  void await_probe() {
    discovery->async_receive_from(asio::buffer(probe), prober,
                                  [this](boost::system::error_code problem, std::size_t n) {
                                    if (problem == asio::error::operation_aborted) return;
                                    if (!problem) answer_probe({probe.data(), n});
                                    await_probe();
                                  });
  }
  void answer_probe(const std::string& text) {
    const auto question = read_question(text);
    if (!question || question->verb != "Probe") return;
    const std::string id = text_at(question->header, "MessageID");
    for (const auto& one : devices) {
      const std::string match = fmt::format(
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?><e:Envelope "
          "xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\" "
          "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" "
          "xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\" "
          "xmlns:dn=\"http://www.onvif.org/ver10/network/wsdl\"><e:Header><a:RelatesTo>{}"
          "</a:RelatesTo><a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches"
          "</a:Action></e:Header><e:Body><d:ProbeMatches>{}</d:ProbeMatches></e:Body></e:Envelope>",
          escaped(id), one->probe_match());
      boost::system::error_code ignored;
      discovery->send_to(asio::buffer(match), prober, 0, ignored);
    }
  }

  void tell_of_motion(bool is_active) {
    for (const auto& one : devices) one->tell("motion", is_active);
    timers.after(std::chrono::milliseconds{static_cast<std::int64_t>(options.event_seconds * 1000)},
                 [this, is_active] { tell_of_motion(!is_active); });
  }

  result<void> open() {
    for (unsigned i = 1; i <= options.cameras; ++i) {
      devices.push_back(std::make_unique<device>(options, i, timers));
      auto door = http_door::open(
          io, camera_address(i), options.port,
          [one = devices.back().get()](const http_question& q, const replier& reply) {
            one->handle(q, reply);
          });
      if (!door) return tl::unexpected{door.error()};
      doors.push_back(std::move(*door));
    }
    try {
      if (!options.control.empty()) {
        const auto where = endpoint_of<tcp::endpoint>(options.control);
        if (!where) return tl::unexpected{where.error()};
        control = std::make_unique<tcp::acceptor>(io, *where);
        accept_control();
      }
      if (!options.discovery.empty()) {
        const auto where = endpoint_of<udp::endpoint>(options.discovery);
        if (!where) return tl::unexpected{where.error()};
        discovery = std::make_unique<udp::socket>(io, *where);
        await_probe();
      }
    } catch (const boost::system::system_error& e) {
      return fail(errc::io_failed, fmt::format("cannot listen: {}", e.code().message()));
    }
    if (options.event_seconds > 0) tell_of_motion(true);
    if (options.seconds > 0)
      timers.after(std::chrono::seconds{options.seconds}, [this] { io.stop(); });
    signals.async_wait([this](boost::system::error_code problem, int) {
      if (!problem) io.stop();
    });
    return {};
  }

  const emulator_options options;
  asio::io_context io{1};
  asio_scheduler timers;
  asio::signal_set signals;
  std::vector<std::unique_ptr<device>> devices;
  std::vector<std::shared_ptr<http_door>> doors;
  std::unique_ptr<tcp::acceptor> control;
  std::unique_ptr<udp::socket> discovery;
  udp::endpoint prober;
  std::array<char, 65536> probe{};
};

emulator::emulator(std::unique_ptr<state> s) : state_{std::move(s)} {}
emulator::~emulator() = default;

result<std::unique_ptr<emulator>> emulator::make(const emulator_options& options) {
  auto made = std::make_unique<state>(options);
  if (auto opened = made->open(); !opened) return tl::unexpected{opened.error()};
  return std::unique_ptr<emulator>{new emulator{std::move(made)}};
}

void emulator::run() { state_->io.run(); }

std::string emulator::handle_control_line(std::string_view line) {
  return state_->answer(json::parse(line, nullptr, false)).dump();
}

std::string device_fault_help() {
  std::string text = "Faults (vigie-sim fault --control …):";
  for (const device_fault f : all_device_faults) text += fmt::format(" {}", name_of(f));
  return text + "\n";
}

}  // namespace vigie::simulators::onvif
