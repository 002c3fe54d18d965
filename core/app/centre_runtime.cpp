// SPDX-License-Identifier: Apache-2.0
#include "app/centre_runtime.hpp"

#include <fmt/format.h>

#include <atomic>
#include <optional>
#include <random>
#include <utility>

#include "analytics/picture_source.hpp"
#include "app/bus_link.hpp"
#include "app/bus_users.hpp"
#include "app/bus_words.hpp"
#include "app/camera_places.hpp"
#include "app/enabling_watch.hpp"
#include "app/evidence.hpp"
#include "app/feed_desk.hpp"
#include "app/figures.hpp"
#include "app/journal_acts.hpp"
#include "app/load_desk.hpp"
#include "app/people_desk.hpp"
#include "app/plugin_desk.hpp"
#include "app/request_desk.hpp"
#include "app/state_publisher.hpp"
#include "app/viewing_desk.hpp"
#include "base/disk.hpp"
#include "base/log.hpp"
#include "base/time_text.hpp"
#include "domain/retention.hpp"
#include "ingest/engine.hpp"
#include "ingest/pushed_feeds.hpp"
#include "recording/day_index.hpp"
#include "recording/recovery.hpp"
#include "recording/retention.hpp"

namespace vigie::app {
namespace {

using namespace std::chrono_literals;

constexpr auto retention_every = 5min;
constexpr auto journal_upkeep_every = 5s;
constexpr auto recorder_stop_deadline = 5s;
/// What sockets hold back of an ordinary camera while a shard is late.
constexpr auto ingest_patience = 5s;
constexpr double camera_memory_room = 1024.0 * 1024 * 1024;

/// A camera that left the configuration is no longer authorised to keep anything.
std::uint32_t authorised_days(const camera_places& places, const camera_id& camera) {
  const auto* place = places.find(camera);
  return place == nullptr ? 0 : place->camera->retention_days;
}

}  // namespace

/// The rooms in the order in which they must be built; destroyed the other way round by `stop`.
class centre_runtime::impl {
 public:
  explicit impl(config::centre_config config) : config_{std::move(config)} {}
  ~impl() { stop(); }

  result<void> start(const std::filesystem::path& programs) {
    started_mono_ = time_.mono();
    if (auto ok = open_storage(); !ok) return ok;
    if (auto ok = open_bus(); !ok) return ok;
    make_plugin_desk(programs);
    start_media(programs);
    plugins_->load(config_.plugins);
    start_control();
    return start_gateway();
  }

  void pulse() {
    link_->watch();
    feeds_->pulse();
    plugins_->exercises().pulse();
    housekeeping_.post([this] { review_analyses(); });
    viewing_->review();
    weigh_load();
    const auto now = current();
    bus::heartbeat_message beat;
    beat.node = config_.node.id;
    beat.cameras = now.fleet.cameras;
    beat.live = now.fleet.live;
    beat.recording = now.fleet.recording;
    beat.outbox = now.outbox.waiting;
    beat.recorded_frames = now.recorder.written_frames;
    beat.recorded_bytes = now.recorder.written_bytes;
    beat.dropped_gops = now.recorder.dropped_gops;
    beat.uptime_s = now.uptime_s;
    beat.camera_memory_bytes = now.camera_memory_bytes;
    beat.relieved = now.relieved;
    for (std::size_t i = 0; i < now.shed.count; ++i)
      beat.shed.emplace_back(domain::name_of(domain::shedding_order[i]));
    publisher_->publish_heartbeat(std::move(beat));
    if (time_.mono() - last_sweep_ > to_ns(retention_every)) {
      last_sweep_ = time_.mono();
      housekeeping_.post([this] { sweep(); });
    }
    if (time_.mono() - last_upkeep_ > to_ns(journal_upkeep_every)) {
      last_upkeep_ = time_.mono();
      housekeeping_.post([this] { keep_journal(); });
    }
  }

  std::string dashboard_url() const { return http_url() + "/"; }

 private:
  std::string http_url() const {
    if (!config_.gateway.public_url.empty()) return config_.gateway.public_url;
    return fmt::format("http://{}:{}", config_.gateway.listen, config_.gateway.port);
  }

  result<void> open_storage() {
    std::error_code code;
    std::filesystem::create_directories(config_.recording.directory, code);
    if (code)
      return fail(errc::disk_failed, config_.recording.directory.string() + ": " + code.message());
    indexes_ = std::make_unique<recording::day_indexes>(config_.recording.directory);
    const auto recovered = recording::recover(*disk_, *indexes_, time_.utc());
    if (!recovered) return tl::unexpected{recovered.error()};
    if (recovered->torn_files + recovered->rebuilt_indexes + recovered->adopted_files > 0)
      log::info("recovery: {} files scanned, {} torn tails cut ({} bytes), {} indexes rebuilt",
                recovered->scanned_files, recovered->torn_files, recovered->torn_bytes,
                recovered->rebuilt_indexes);
    auto journal = journal::access_journal::open(config_.data_dir / "journal.db");
    if (!journal) return tl::unexpected{journal.error()};
    journal_.emplace(std::move(*journal));
    // The cameras do not wait for a journal that cannot be written; whoever wants images does.
    if (const auto told = journal_->append(start_act(config_, time_.utc())); !told)
      log::error("the journal does not take this start: {}", to_string(told.error()));
    auto people = people_desk::open(config_.data_dir, *journal_, time_);
    if (!people) return tl::unexpected{people.error()};
    people_ = std::move(*people);
    if (people_->roster().people()->empty())
      log::warn("the register of people is empty: nobody can sign in (vigie user add --help)");
    return {};
  }

  /// Everybody the register lets sign in, as the bus knows them.
  std::vector<bus::bus_user> bus_people() {
    const auto credentials = people_->credentials();
    if (!credentials) {
      log::error("credentials cannot be read: {}", to_string(credentials.error()));
      return {};
    }
    return bus_users(*people_->roster().people(), *credentials);
  }

  result<void> open_bus() {
    auto link = bus_link::open(config_, bus_people(), time_);
    if (!link) return tl::unexpected{link.error()};
    link_ = std::move(*link);
    auto outbox = bus::outbox::open(config_.data_dir / "outbox.db", link_->connection(), time_);
    if (!outbox) return tl::unexpected{outbox.error()};
    outbox_ = std::move(*outbox);
    auto events = bus::event_register::open(config_.data_dir / "outbox.db");
    if (!events) return tl::unexpected{events.error()};
    events_.emplace(std::move(*events));
    auto epoch = make_password();
    if (!epoch) return tl::unexpected{epoch.error()};
    publisher_ = std::make_unique<state_publisher>(epoch->substr(0, 12), link_->connection(),
                                                   *outbox_, fleet_, places_, time_);
    return {};
  }

  /// Plugins say nothing before they are loaded, when all their ports are there.
  void make_plugin_desk(const std::filesystem::path& programs) {
    plugin_ports ports;
    ports.picture = [this](const camera_id& camera, ingest::pushed_picture picture) {
      pushed_->picture(camera, std::move(picture));
    };
    ports.stream_ended = [this](const camera_id& camera, error why) {
      pushed_->ended(camera, std::move(why));
    };
    auto legal = read_legal_file(config_.analytics.legal_bases, config_.analytics.legal_key);
    if (!legal.trouble.empty()) log::error("no legal basis counts: {}", legal.trouble);
    if (const auto told = journal_->append(legal_act(legal, time_.utc())); !told)
      log::error("the journal does not take the legal bases: {}", to_string(told.error()));
    gate_ = std::make_unique<purpose_gate>(
        places_, domain::gate_rules{std::move(legal.bases),
                                    std::move(legal.trouble),
                                    config_.analytics.aggregation_threshold,
                                    {}});
    analysis_ports analysis{places_, *gate_, time_, {}, {}, {}};
    analysis.tell = [this](bus::event_message event) { publisher_->publish(std::move(event)); };
    analysis.find = [this](domain::finding_evidence found) { control_->post(std::move(found)); };
    analysis.journal = [this](const journal::access_entry& act) -> result<void> {
      const auto written = journal_->append(act);
      if (!written) return tl::unexpected{written.error()};
      return {};
    };
    plugins_ = std::make_unique<plugin_desk>(programs, time_, *publisher_, std::move(ports),
                                             std::move(analysis));
  }

  void start_media(const std::filesystem::path& programs) {
    recording::recorder_options recorder;
    recorder.cut.segment = config_.recording.segment;
    recorder_ = std::make_unique<recording::recorder>(
        recorder, *disk_, time_, *indexes_, [this](const recording::recording_report& report) {
          fleet_.note_durable(report.camera, report.last_durable_mono_ns);
          control_->post(to_evidence(report));
        });
    if (config_.picture.enabled || !config_.plugins.empty()) {
      analytics::picture_options pictures;
      pictures.decoder_program = programs / "vigie-picture-decoder";
      pictures.measures = config_.picture.enabled;
      pictures.interval = config_.picture.interval;
      pictures_ = std::make_unique<analytics::picture_source>(
          pictures, time_,
          [this](const analytics::picture_measure& m) { control_->post(to_evidence(m)); });
      plugins_->analyses().use(picture_door{
          [this](const camera_id& camera, const std::string& who, analytics::picture_order wanted) {
            pictures_->order(camera, who, std::move(wanted));
          },
          [this](const camera_id& camera, const std::string& who) {
            pictures_->cancel(camera, who);
          }});
    }
    ingest::engine_options shards;
    shards.shards = config_.node.shards;
    shards.sweep = config_.node.sweep;
    engine_ = std::make_unique<ingest::engine>(shards, time_, [this](const ingest::feed_vitals& v) {
      fleet_.note_ways(v);
      control_->post(to_evidence(v, time_));
    });
    pushed_ = std::make_unique<ingest::pushed_feeds>(
        time_, [this](const ingest::feed_vitals& v) { control_->post(to_evidence(v, time_)); },
        ingest::pushed_stream_control{[this](const camera_id& camera) { open_pushed(camera); },
                                      [this](const camera_id& camera) { close_pushed(camera); }},
        std::random_device{}());
    feeds_ = std::make_unique<feed_desk>(
        feed_ports{*engine_, *pushed_, *recorder_, pictures_.get(), *plugins_, fleet_, ways_,
                   time_},
        [this](domain::feed_evidence trouble) { control_->post(std::move(trouble)); });
    // Evidence flows only once a feed starts, and feeds are started by the control system alone.
    control_ = std::make_unique<control::control_system>(
        control::control_ports{*publisher_, *feeds_, time_}, control::control_options{});
  }

  void start_control() {
    control_->start(config_.topology);
    publisher_->publish_node_event(bus::event_type::node_started,
                                   "node " + config_.node.id + " started");
    link_->connection().watch_link([this](bus::link_state state) {
      if (state == bus::link_state::connected) housekeeping_.post([this] { publish_all(); });
    });
  }

  result<void> start_gateway() {
    auto key = gateway::token_mint::random_key();
    if (!key) return tl::unexpected{key.error()};
    mint_ = std::make_unique<gateway::token_mint>(std::move(*key), time_);
    catalogue_ = std::make_unique<recording::catalogue>(*indexes_);
    viewing_ = std::make_unique<viewing_desk>(viewing_ports{
        places_,
        people_->roster(),
        *journal_,
        *catalogue_,
        *mint_,
        time_,
        http_url(),
        [this] { return gateway_ ? gateway_->watched_sessions() : std::set<std::string>{}; },
        {}});
    desk_ = std::make_unique<request_desk>(desk_ports{config_.topology, places_, *control_,
                                                      *publisher_, *events_, *journal_, *people_,
                                                      *viewing_, *plugins_, *gate_, time_, load_});
    auto served = link_->connection().serve_requests(
        [this](const bus::request_address& from, std::string body, bus::reply_function reply) {
          desk_->handle(from, std::move(body), std::move(reply));
        });
    if (!served) return served;

    gateway::gateway_options options;
    options.listen = config_.gateway.listen;
    options.port = config_.gateway.port;
    options.dashboard_dir = config_.gateway.dashboard_dir;
    options.public_url = config_.gateway.public_url;
    gateway::gateway_ports ports;
    ports.live.add_sink = [this](const camera_id& camera, ingest::sink_ptr sink) {
      engine_->add_sink(camera, sink);  // one of the two knows the camera
      pushed_->add_sink(camera, std::move(sink));
    };
    ports.live.remove_sink = [this](const camera_id& camera, const ingest::sink_ptr& sink) {
      engine_->remove_sink(camera, sink);
      pushed_->remove_sink(camera, sink);
    };
    ports.resolve_clip = [this](const gateway::media_claims& claims, const std::string& segment) {
      return resolve_clip(claims, segment);
    };
    ports.console_json = [this] { return link_->console_json(); };
    ports.metrics_text = [this] { return to_prometheus(current()); };
    ports.health = [this] {
      const auto now = current();
      return gateway::health_answer{is_healthy(now), to_health_json(now)};
    };
    gateway_ = std::make_unique<gateway::gateway>(options, std::move(ports), *mint_, time_);
    if (auto ok = gateway_->start(); !ok) return ok;
    // The frames stop first; then the bus forgets who may no longer sign in.
    people_->start([this] {
      viewing_->review();
      link_->set_users(bus_people());
    });
    return {};
  }

  result<gateway::clip_file> resolve_clip(const gateway::media_claims& claims,
                                          const std::string& segment) {
    auto found = catalogue_->resolve(segment);
    if (!found) return tl::unexpected{found.error()};
    if (found->row.key.camera != claims.camera)
      return fail(errc::not_found, "not a segment of this grant");
    return gateway::clip_file{found->path, found->row.bytes, found->row.key.start_utc_us,
                              found->row.end_utc_us};
  }

  void open_pushed(const camera_id& camera) {
    const auto* place = places_.find(camera);
    if (place == nullptr) return;
    plugins_->open_stream(place->camera->protocol, camera, [this, camera](result<void> outcome) {
      pushed_->opened(camera, std::move(outcome));
    });
  }
  void close_pushed(const camera_id& camera) {
    const auto* place = places_.find(camera);
    if (place != nullptr && plugins_) plugins_->close_stream(place->camera->protocol, camera);
  }

  /// After the link came back: readers must not wait for the next refresh.
  void publish_all() {
    control_->snapshot([this](result<control::centre_view> view) {
      if (!view) return;
      for (const auto& commune : view->communes) {
        publisher_->publish(commune.state);
        for (const auto& site : commune.sites) {
          publisher_->publish(site.state);
          for (const auto& camera : site.cameras) publisher_->publish(camera);
        }
      }
    });
  }

  void sweep() {
    recording::retention_rules rules;
    rules.expired = [this](const camera_id& camera, utc_us captured_end, utc_us now) {
      return domain::is_expired(captured_end, authorised_days(places_, camera), now);
    };
    rules.erased = [this](const recording::erasure& gone) { return journal_erasure(gone); };
    recording::retention keeper{*disk_, *indexes_, std::move(rules),
                                config_.recording.keep_free_bytes};
    const auto outcome = keeper.sweep(time_.utc());
    if (outcome.segments > 0)
      log::info("retention: {} segments erased, {} bytes", outcome.segments, outcome.bytes);
    if (outcome.is_short_of_space)
      log::error("the recordings disk is nearly full and nothing on it may be erased yet");
  }

  result<void> journal_erasure(const recording::erasure& gone) {
    journal::access_entry line;
    line.at = time_.utc();
    line.author = "vigie";
    line.verb = journal::access_verb::erasure;
    line.camera = gone.camera;
    line.interval = journal::image_interval{gone.from_utc_us, gone.to_utc_us};
    line.reason = "authorised retention is over (LEG-30)";
    line.authority = commune_id{"_"};
    if (const auto* place = places_.find(gone.camera)) {
      line.authority = place->commune->id;
      line.purpose = place->camera->purposes.front();
    }
    const auto sequence = journal_->append(line);
    if (!sequence) return tl::unexpected{sequence.error()};
    return {};
  }

  /// What two persons decided a moment ago counts now; a register that cannot be read enables
  /// nothing.
  void review_analyses() {
    if (!plugins_->analyses().is_watching()) return;
    auto decided = read_enablings(config_.data_dir);
    if (!decided)
      if (const auto times = enabling_trouble_.pass(time_.mono()))
        log::error("what two persons enabled cannot be read ({} times): {}", times,
                   to_string(decided.error()));
    gate_->enable(decided.value_or(std::vector<domain::analysis_enabling>{}));
    plugins_->analyses().review();
  }

  /// Decides what is shed, and tells those who shed it.
  void weigh_load() {
    ingest_delay_ = engine_->take_delay();
    domain::load_signs load;
    load.writer_queue = static_cast<double>(recorder_->totals().queued_bytes) /
                        static_cast<double>(recording::recorder_options{}.queue_bytes);
    load.ingest_delay = std::chrono::duration<double>{ingest_delay_.load()} / ingest_patience;
    load.camera_memory = static_cast<double>(ways_.memory->held_bytes()) / camera_memory_room;
    load_.pulse(load, gateway_ ? gateway_->statistics().live.viewers : 0, time_.mono());
    const auto shed = load_.now();
    if (pictures_)
      pictures_->shed(shed.sheds(domain::sheddable::analyses),
                      shed.sheds(domain::sheddable::picture_measures));
  }

  void keep_journal() {
    const auto kept = journal_->maintain();
    if (kept) return;
    if (const auto times = journal_trouble_.pass(time_.mono()))
      log::error("the journal's upkeep fails ({} times): {}", times, to_string(kept.error()));
  }

  figures current() const {
    figures now;
    now.fleet = fleet_.counts(time_.mono());
    now.recorder = recorder_->totals();
    now.outbox = outbox_->counts();
    now.control = control_->counters();
    if (pictures_) now.picture = pictures_->counters();
    if (gateway_) now.gateway = gateway_->statistics();
    now.bus_connected = link_->connection().link() == bus::link_state::connected;
    if (desk_) {
      now.requests_answered = desk_->answered();
      now.requests_refused = desk_->refused();
    }
    if (plugins_) now.analysis = plugins_->analyses().counts();
    now.quirks = ways_.met();
    now.shed = load_.now();
    now.refused_live_views = load_.refused_live_views();
    now.refused_replays = load_.refused_replays();
    now.camera_memory_bytes = ways_.memory->held_bytes();
    now.camera_memory_most_bytes = ways_.memory->most_of_one();
    now.relieved = ways_.memory->relieved();
    now.ingest_delay_s = std::chrono::duration<double>{ingest_delay_.load()}.count();
    now.states_skipped = publisher_->skipped();
    now.uptime_s = static_cast<std::uint64_t>((time_.mono() - started_mono_) / 1'000'000'000);
    now.disk_free_bytes = disk_->free_bytes(config_.recording.directory).value_or(0);
    return now;
  }

  /// Outward doors first, then the sources, then what they feed.
  void stop() {
    if (people_) people_->stop();
    if (gateway_) gateway_->stop();
    if (desk_) desk_->stop();
    if (control_) control_->stop();
    if (feeds_) feeds_->stop();
    housekeeping_.stop();  // it reviews what plugins may see
    if (plugins_) plugins_->analyses().use(std::nullopt);
    pictures_.reset();  // nothing is shown to plugins from here on
    plugins_.reset();   // answers what is still open while the desks are there to hear it
    pushed_.reset();
    engine_.reset();  // TEARDOWN; sinks get their last frames
    if (recorder_ && !recorder_->stop(recorder_stop_deadline))
      log::error("the disk could not take the last frames in time");
    if (publisher_) publisher_->stop();
  }

  const config::centre_config config_;
  const camera_places places_{config_.topology};
  const camera_ways ways_{config_.quirks};
  system_clock time_;
  mono_ns started_mono_ = 0;
  mono_ns last_sweep_ = 0;
  mono_ns last_upkeep_ = 0;
  log::rate_limit journal_trouble_{to_ns(1h)};
  log::rate_limit enabling_trouble_{to_ns(1h)};
  fleet fleet_;
  load_desk load_;
  std::atomic<std::chrono::nanoseconds> ingest_delay_{std::chrono::nanoseconds{0}};
  std::unique_ptr<disk> disk_ = make_posix_disk();
  std::unique_ptr<recording::day_indexes> indexes_;
  std::optional<journal::access_journal> journal_;
  std::unique_ptr<people_desk> people_;
  std::unique_ptr<bus_link> link_;
  std::unique_ptr<bus::outbox> outbox_;
  std::optional<bus::event_register> events_;
  std::unique_ptr<state_publisher> publisher_;
  std::unique_ptr<purpose_gate> gate_;
  std::unique_ptr<plugin_desk> plugins_;
  std::unique_ptr<recording::recorder> recorder_;
  std::unique_ptr<analytics::picture_source> pictures_;
  std::unique_ptr<ingest::pushed_feeds> pushed_;
  std::unique_ptr<ingest::engine> engine_;
  std::unique_ptr<feed_desk> feeds_;
  std::unique_ptr<control::control_system> control_;
  std::unique_ptr<gateway::token_mint> mint_;
  std::unique_ptr<recording::catalogue> catalogue_;
  std::unique_ptr<viewing_desk> viewing_;
  std::unique_ptr<request_desk> desk_;
  std::unique_ptr<gateway::gateway> gateway_;
  task_thread housekeeping_{64};
};

centre_runtime::centre_runtime(std::unique_ptr<impl> i) : impl_{std::move(i)} {}
centre_runtime::~centre_runtime() = default;

result<std::unique_ptr<centre_runtime>> centre_runtime::start(
    config::centre_config config, const std::filesystem::path& programs) {
  auto inside = std::make_unique<impl>(std::move(config));
  if (auto ok = inside->start(programs); !ok) return tl::unexpected{ok.error()};
  return std::unique_ptr<centre_runtime>{new centre_runtime{std::move(inside)}};
}

void centre_runtime::pulse() { impl_->pulse(); }
std::string centre_runtime::dashboard_url() const { return impl_->dashboard_url(); }

}  // namespace vigie::app
