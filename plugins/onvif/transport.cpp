// SPDX-License-Identifier: Apache-2.0
#include "transport.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "xml.hpp"

namespace vigie::onvif {

namespace {

using steady = std::chrono::steady_clock;

/// Calls at once; more wait in our own queue, where their time-out does not run yet.
constexpr unsigned call_places = 16;

struct curl_deleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct exchange {
  http_request request;
  transport::on_answer done;
  std::unique_ptr<CURL, curl_deleter> handle;
  std::unique_ptr<curl_slist, curl_deleter> headers;
  std::string received;
  bool asks_digest = false;
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* context) {
  std::string& received = static_cast<exchange*>(context)->received;
  if (received.size() + size > max_message_bytes) return 0;  // ends the transfer
  received.append(data, size);
  return size;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* context) {
  const std::string_view line{data, size};
  constexpr std::string_view name = "www-authenticate: digest";
  if (line.size() >= name.size() &&
      std::equal(name.begin(), name.end(), line.begin(),
                 [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); }))
    static_cast<exchange*>(context)->asks_digest = true;
  return size;
}

void prepare(exchange& one) {
  one.received.clear();
  one.asks_digest = false;
  one.handle.reset(curl_easy_init());
  CURL* h = one.handle.get();
  one.headers.reset(curl_slist_append(
      nullptr, fmt::format("Content-Type: application/soap+xml; charset=utf-8; action=\"{}\"",
                           one.request.action)
                   .c_str()));
  curl_slist_append(one.headers.get(), "Expect:");
  curl_easy_setopt(h, CURLOPT_URL, one.request.url.c_str());
  curl_easy_setopt(h, CURLOPT_HTTPHEADER, one.headers.get());
  curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE,
                   static_cast<curl_off_t>(one.request.body.size()));
  curl_easy_setopt(h, CURLOPT_POSTFIELDS, one.request.body.c_str());
  curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(h, CURLOPT_WRITEDATA, &one);
  curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(h, CURLOPT_HEADERDATA, &one);
  curl_easy_setopt(h, CURLOPT_PRIVATE, &one);
  curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, 3000L);
  curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, static_cast<long>(one.request.timeout.count()));
  curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(h, CURLOPT_PROXY, "");  // whatever the environment says
  curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
  if (!one.request.use_digest) return;
  curl_easy_setopt(h, CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
  curl_easy_setopt(h, CURLOPT_USERNAME, one.request.who.username.c_str());
  curl_easy_setopt(h, CURLOPT_PASSWORD, one.request.who.password.c_str());
}

failure failure_of(CURLcode code) {
  if (code == CURLE_OPERATION_TIMEDOUT)
    return {VIGIE_E_TIMEOUT, "the device does not answer in time"};
  if (code == CURLE_WRITE_ERROR) return {VIGIE_E_IO, "the answer is too large"};
  return {VIGIE_E_IO, fmt::format("the device cannot be reached: {}", curl_easy_strerror(code))};
}

}  // namespace

struct transport::state {
  explicit state(unsigned places) : poll_places{places}, multi{curl_multi_init()} {
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(places + call_places));
    thread = std::thread{[this] { run(); }};
  }
  ~state() {
    stopping = true;
    curl_multi_wakeup(multi);
    thread.join();
    curl_multi_cleanup(multi);
  }

  // -- any thread --
  void post(std::function<void()> what, std::chrono::milliseconds delay = {}) {
    {
      const std::lock_guard hold{mutex};
      tasks.emplace(steady::now() + delay, std::move(what));
    }
    curl_multi_wakeup(multi);
  }

  // -- the transport's thread --
  void submit(std::unique_ptr<exchange> one) {
    if (is_over) {
      one->done(failed(VIGIE_E_STATE, "stopped"));
    } else if (one->request.poll_of != 0) {
      waiting_polls.push_back(std::move(one));
    } else {
      waiting_calls.push_back(std::move(one));
    }
  }
  void fill_places() {
    const auto fill = [this](auto& waiting, unsigned& used, unsigned places) {
      while (!waiting.empty() && used < places) {
        begin(std::move(waiting.front()));
        waiting.pop_front();
        ++used;
      }
    };
    fill(waiting_calls, open_calls, call_places);
    fill(waiting_polls, open_polls, poll_places);
    polls_wait = !waiting_polls.empty();
  }
  void begin(std::unique_ptr<exchange> one) {
    prepare(*one);
    curl_multi_add_handle(multi, one->handle.get());
    open.push_back(std::move(one));
  }
  std::unique_ptr<exchange> take(const exchange* wanted) {
    const auto found = std::find_if(open.begin(), open.end(),
                                    [&](const auto& one) { return one.get() == wanted; });
    std::unique_ptr<exchange> one = std::move(*found);
    open.erase(found);
    curl_multi_remove_handle(multi, one->handle.get());
    --(one->request.poll_of != 0 ? open_polls : open_calls);
    return one;
  }
  void collect() {
    int left = 0;
    while (const CURLMsg* told = curl_multi_info_read(multi, &left)) {
      if (told->msg != CURLMSG_DONE) continue;
      const CURLcode code = told->data.result;
      exchange* which = nullptr;
      curl_easy_getinfo(told->easy_handle, CURLINFO_PRIVATE, &which);
      finish(take(which), code);
    }
  }
  void finish(std::unique_ptr<exchange> one, CURLcode code) {
    if (code != CURLE_OK) return one->done(tl::unexpected{failure_of(code)});
    long status = 0;
    curl_easy_getinfo(one->handle.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status == 401 && one->asks_digest && !one->request.use_digest &&
        !one->request.who.username.empty()) {
      one->request.use_digest = true;
      return submit(std::move(one));
    }
    one->done(
        http_answer{static_cast<int>(status), std::move(one->received), one->request.use_digest});
  }
  void drop_polls(std::uint64_t camera) {
    std::erase_if(waiting_polls, [&](const auto& one) { return one->request.poll_of == camera; });
    std::vector<const exchange*> those;
    for (const auto& one : open)
      if (one->request.poll_of == camera) those.push_back(one.get());
    for (const exchange* one : those) take(one);
  }
  /// Runs what is due and says how long nothing is.
  std::chrono::milliseconds run_tasks() {
    std::unique_lock hold{mutex};
    while (!tasks.empty() && tasks.begin()->first <= steady::now()) {
      const auto what = std::move(tasks.begin()->second);
      tasks.erase(tasks.begin());
      hold.unlock();
      what();
      hold.lock();
    }
    if (tasks.empty()) return std::chrono::milliseconds{1000};
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(tasks.begin()->first - steady::now());
    return std::clamp(left, std::chrono::milliseconds{0}, std::chrono::milliseconds{1000});
  }
  void run() {
    steady::time_point last_moment = steady::time_point::max();
    for (;;) {
      auto patience = run_tasks();
      if (stopping && last_moment == steady::time_point::max())
        last_moment = steady::now() + std::chrono::milliseconds{500};
      fill_places();
      int running = 0;
      curl_multi_perform(multi, &running);
      collect();
      const bool has_calls = open_calls + waiting_calls.size() > 0;
      if (stopping && (!has_calls || steady::now() >= last_moment)) break;
      fill_places();
      if (stopping) patience = std::min(patience, std::chrono::milliseconds{20});
      curl_multi_poll(multi, nullptr, 0, static_cast<int>(patience.count()), nullptr);
    }
    is_over = true;
    while (!open.empty()) {
      const auto one = take(open.front().get());
      one->done(failed(VIGIE_E_STATE, "stopped"));
    }
    for (auto* queue : {&waiting_calls, &waiting_polls})
      for (const auto& one : *queue) one->done(failed(VIGIE_E_STATE, "stopped"));
    // Questions posted while stopping are answered too; timers are not run any more.
    const std::lock_guard hold{mutex};
    tasks.clear();
  }

  const unsigned poll_places;
  CURLM* multi;
  std::atomic<bool> stopping = false;
  std::atomic<bool> polls_wait = false;
  std::mutex mutex;
  std::multimap<steady::time_point, std::function<void()>> tasks;
  bool is_over = false;
  unsigned open_calls = 0, open_polls = 0;
  std::list<std::unique_ptr<exchange>> open;
  std::deque<std::unique_ptr<exchange>> waiting_calls, waiting_polls;
  std::thread thread;
};

transport::transport(unsigned poll_places) : state_{std::make_unique<state>(poll_places)} {}
transport::~transport() = default;

void transport::ask(http_request request, on_answer done) {
  auto one = std::make_shared<std::unique_ptr<exchange>>(std::make_unique<exchange>());
  (*one)->request = std::move(request);
  (*one)->done = std::move(done);
  state_->post([this, one] { state_->submit(std::move(*one)); });
}

void transport::after(std::chrono::milliseconds delay, std::function<void()> what) {
  state_->post(std::move(what), delay);
}

void transport::cancel_polls(std::uint64_t camera) {
  state_->post([this, camera] { state_->drop_polls(camera); });
}

bool transport::has_waiting_polls() const { return state_->polls_wait; }

unsigned poll_places_of_this_process() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 16;
  const rlim_t taken = call_places + 24;  // calls, library, pipes
  const rlim_t left = limit.rlim_cur > taken ? limit.rlim_cur - taken : 0;
  return static_cast<unsigned>(std::clamp<rlim_t>(left, 4, 512));
}

}  // namespace vigie::onvif
