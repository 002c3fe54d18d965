// SPDX-License-Identifier: Apache-2.0
#include "stream_reader.hpp"

extern "C" {
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "timeline.hpp"

namespace vigie::libav_source {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::microseconds;

/// A live playlist begins some segments back; it may run ahead of time by that much.
constexpr microseconds lead{300'000};
constexpr int max_packet_bytes = 8 * 1024 * 1024;
/// What a source may send before a picture of it is whole: two of the largest, and what probing
/// takes. A motion JPEG server that never ends a picture would otherwise fill the memory.
constexpr std::int64_t max_bytes_per_picture = 2 * max_packet_bytes + 4 * 1024 * 1024;

struct context_closer {
  void operator()(AVFormatContext* c) const { avformat_close_input(&c); }
  void operator()(AVBSFContext* c) const { av_bsf_free(&c); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(AVDictionary* d) const { av_dict_free(&d); }
};
using input = std::unique_ptr<AVFormatContext, context_closer>;
using filter = std::unique_ptr<AVBSFContext, context_closer>;
using packet_holder = std::unique_ptr<AVPacket, context_closer>;

/// Why reading ended. libav's own words may repeat the address; these do not.
struct end_of_stream {
  sdk::status why;
  std::string text;
};

end_of_stream of_error(int code, bool timed_out) {
  if (timed_out) return {sdk::status::timeout, "the source does not answer in time"};
  switch (code) {
    case AVERROR_EOF:
      return {sdk::status::io, "the source ended"};
    case AVERROR_HTTP_UNAUTHORIZED:
    case AVERROR_HTTP_FORBIDDEN:
      return {sdk::status::auth, "the source refuses the credentials"};
    case AVERROR_HTTP_NOT_FOUND:
      return {sdk::status::not_found, "the source has no such stream"};
    case AVERROR_PROTOCOL_NOT_FOUND:
    case AVERROR(EINVAL):
      return {sdk::status::unsupported, "the source wants a protocol that is not permitted"};
    case AVERROR_INVALIDDATA:
      return {sdk::status::io, "the source is no stream that is known"};
    default:
      break;
  }
  std::array<char, 128> words{};
  av_strerror(code, words.data(), words.size());
  return {sdk::status::io, std::string{"the source cannot be read: "} + words.data()};
}

const char* name_of(sdk::codec codec) {
  switch (codec) {
    case sdk::codec::h264:
      return "H.264";
    case sdk::codec::h265:
      return "H.265";
    case sdk::codec::mjpeg:
      return "motion JPEG";
  }
  return "unknown";
}

/// Why the host takes no more: an operator must read what to change at the camera.
end_of_stream of_refusal(sdk::status why, sdk::codec codec) {
  switch (why) {
    case sdk::status::unsupported:
      return {why, std::string{"the centre does not take "} + name_of(codec) +
                       " pictures; give it a stream of another codec of this camera"};
    case sdk::status::not_found:
      return {why, "the centre does not know this camera any more"};
    default:
      return {why, "the centre refuses the pictures"};
  }
}

std::string percent_encoded(const std::string& text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte)) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

/// libavformat takes HTTP credentials from the URL alone; this one never leaves this file.
std::string url_for_libav(const source_options& o) {
  if (o.username.empty() || !o.address.starts_with("http")) return o.address;
  const std::size_t host = o.address.find("//") + 2;
  return o.address.substr(0, host) + percent_encoded(o.username) + ":" +
         percent_encoded(o.password) + "@" + o.address.substr(host);
}

}  // namespace

struct stream_reader::state {
  state(source_options o, reader_sinks s) : options{std::move(o)}, sinks{std::move(s)} {
    thread = std::thread{[this] {
      const end_of_stream end = read_all();
      if (!stopping) sinks.ended(end.why, end.text);
    }};
  }
  ~state() {
    {
      const std::lock_guard hold{mutex};
      stopping = true;
    }
    wake.notify_all();
    thread.join();
  }

  // -- the reader's thread --
  static int is_over(void* self) {
    auto& s = *static_cast<state*>(self);
    s.timed_out = s.timed_out || clock::now() > s.deadline;
    s.is_too_large = s.is_too_large || s.bytes_read() - s.read_before > max_bytes_per_picture;
    return s.stopping || s.timed_out || s.is_too_large;
  }
  std::int64_t bytes_read() const {
    return reading != nullptr && reading->pb != nullptr ? reading->pb->bytes_read : 0;
  }
  void allow(std::chrono::milliseconds span) {
    deadline = clock::now() + span;
    read_before = bytes_read();
  }

  end_of_stream of_error(int code) const {
    if (is_too_large) return {sdk::status::io, "a picture of the source does not end in 8 MiB"};
    return libav_source::of_error(code, timed_out);
  }

  /// Opens the source and finds its video. Errors: libav's.
  int open(input& in) {
    AVFormatContext* context = avformat_alloc_context();
    if (!context) return AVERROR(ENOMEM);
    context->interrupt_callback = {is_over, this};
    context->probesize = 2 * 1024 * 1024;
    context->max_analyze_duration = 3'000'000;
    AVDictionary* set = nullptr;
    av_dict_set(&set, "protocol_whitelist", std::string{protocols_for(options.address)}.c_str(), 0);
    const AVInputFormat* format =
        options.format.empty() ? nullptr : av_find_input_format(options.format.c_str());
    allow(options.open_timeout);
    int code = avformat_open_input(&context, url_for_libav(options).c_str(), format, &set);
    av_dict_free(&set);
    if (code < 0) return code;  // which freed the context
    in.reset(context);
    reading = context;
    // Motion JPEG says at once what it is; looking further costs seconds of a slow stream.
    is_motion_jpeg = std::string_view{context->iformat->name} == "mpjpeg";
    if (!is_motion_jpeg && (code = avformat_find_stream_info(context, nullptr)) < 0) return code;
    const int video = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (video < 0) return AVERROR_INVALIDDATA;
    // Sounds are never taken in (LEG-21).
    for (unsigned i = 0; i < context->nb_streams; ++i)
      if (static_cast<int>(i) != video) context->streams[i]->discard = AVDISCARD_ALL;
    stream = context->streams[video];
    return 0;
  }

  /// The filter that makes packets what vigie_packet_t wants; none is needed for JPEG.
  int make_filter(filter& to) {
    const char* name = nullptr;
    switch (stream->codecpar->codec_id) {
      case AV_CODEC_ID_H264:
        name = "h264_mp4toannexb";
        codec = sdk::codec::h264;
        break;
      case AV_CODEC_ID_HEVC:
        name = "hevc_mp4toannexb";
        codec = sdk::codec::h265;
        break;
      case AV_CODEC_ID_MJPEG:
        name = "null";
        codec = sdk::codec::mjpeg;
        break;
      default:
        return AVERROR_DECODER_NOT_FOUND;
    }
    AVBSFContext* made = nullptr;
    int code = av_bsf_alloc(av_bsf_get_by_name(name), &made);
    if (code < 0) return code;
    to.reset(made);
    avcodec_parameters_copy(made->par_in, stream->codecpar);
    made->time_base_in = stream->time_base;
    if ((code = av_bsf_init(made)) < 0) return code;
    const AVCodecParameters& out = *made->par_out;
    const bool is_annex_b =
        out.extradata_size > 3 && out.extradata[0] == 0 && out.extradata[1] == 0;
    if (codec != sdk::codec::mjpeg && is_annex_b)
      parameters.assign(out.extradata, out.extradata + out.extradata_size);
    return 0;
  }

  end_of_stream read_all() {
    for (;;) {
      const end_of_stream end = read_once();
      const bool begins_anew =
          options.loops && end.text == "the source ended" && pushed > 0 && !stopping;
      if (!begins_anew) return end;
      times.begin_generation();
    }
  }

  end_of_stream read_once() {
    input in;
    timed_out = is_too_large = false;
    end_of_stream end = read_from(in);
    reading = nullptr;  // closing asks is_over() as well
    return end;
  }

  end_of_stream read_from(input& in) {
    filter bits;
    if (const int code = open(in); code < 0) return of_error(code);
    if (const int code = make_filter(bits); code < 0)
      return {sdk::status::unsupported, "the source's video is neither H.264, H.265 nor JPEG"};
    began = clock::now();
    first_told.reset();
    const packet_holder packet{av_packet_alloc()};
    for (;;) {
      allow(options.read_timeout);
      const int code = av_read_frame(in.get(), packet.get());
      if (code < 0 || is_too_large) return of_error(code);
      if (packet->stream_index != stream->index || packet->size > max_packet_bytes ||
          packet->size == 0) {
        av_packet_unref(packet.get());
        continue;
      }
      if (av_bsf_send_packet(bits.get(), packet.get()) < 0) {
        av_packet_unref(packet.get());
        lost = true;
        continue;
      }
      while (av_bsf_receive_packet(bits.get(), packet.get()) == 0) {
        const bool goes_on = hand_over(*packet, bits->time_base_out);
        av_packet_unref(packet.get());
        if (goes_on) continue;
        if (refusal) return of_refusal(*refusal, codec);
        return {sdk::status::state, "stopped"};
      }
    }
  }

  /// False when the reader is to stop.
  bool hand_over(const AVPacket& packet, AVRational base) {
    const auto arrived = std::chrono::duration_cast<microseconds>(clock::now() - began);
    std::optional<microseconds> told;
    // Decoding order grows; presentation times do not when there are B pictures.
    const std::int64_t when = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
    // Motion JPEG's times are made up by the demuxer, from a frame rate it cannot know.
    if (!is_motion_jpeg && when != AV_NOPTS_VALUE)
      told = microseconds{av_rescale_q(when, base, AVRational{1, 1'000'000})};
    if (told && !hold_back(*told, arrived)) return false;
    const bool is_key = codec == sdk::codec::mjpeg || (packet.flags & AV_PKT_FLAG_KEY) != 0;
    if (lost && !is_key) return true;
    const timeline::place place = times.next(told, arrived);
    sdk::packet out;
    out.codec = codec;
    out.is_key = is_key;
    out.is_after_loss = lost;
    out.stream_generation = place.generation;
    out.media_pts = place.media_pts;
    out.parameters = parameters;
    out.data = {packet.data, static_cast<std::size_t>(packet.size)};
    const sdk::status taken = sinks.push(out);
    lost = taken == sdk::status::busy || (lost && taken != sdk::status::ok);
    pushed += taken == sdk::status::ok;
    if (taken == sdk::status::ok || taken == sdk::status::busy) return true;
    refusal = taken;
    return false;
  }

  /// Waits until it is time for a packet of that time; false when the reader is to stop.
  bool hold_back(microseconds told, microseconds arrived) {
    if (!first_told || told < *first_told ||
        told - *first_told > arrived + std::chrono::seconds{30}) {
      first_told = told - arrived;  // the beginning, or a jump
      return !stopping;
    }
    const microseconds ahead = told - *first_told - arrived - lead;
    if (ahead.count() <= 0) return !stopping;
    std::unique_lock hold{mutex};
    return !wake.wait_for(hold, ahead, [this] { return stopping.load(); });
  }

  const source_options options;
  const reader_sinks sinks;
  std::mutex mutex;
  std::condition_variable wake;
  std::atomic<bool> stopping = false;
  bool timed_out = false, is_too_large = false;
  AVFormatContext* reading = nullptr;  ///< what read_once() has open
  std::int64_t read_before = 0;        ///< bytes, when the picture being read began
  std::optional<sdk::status> refusal;  ///< of the host
  clock::time_point deadline{}, began{};
  AVStream* stream = nullptr;
  sdk::codec codec = sdk::codec::h264;
  std::vector<std::uint8_t> parameters;
  timeline times;
  std::optional<microseconds> first_told;
  bool is_motion_jpeg = false, lost = false;
  std::uint64_t pushed = 0;
  std::thread thread;
};

stream_reader::stream_reader(source_options options, reader_sinks sinks)
    : state_{std::make_unique<state>(std::move(options), std::move(sinks))} {}
stream_reader::~stream_reader() = default;

}  // namespace vigie::libav_source
