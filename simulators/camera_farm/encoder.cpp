// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/encoder.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace vigie::simulators {

namespace {

struct context_deleter {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct frame_deleter {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct packet_deleter {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
using context_ptr = std::unique_ptr<AVCodecContext, context_deleter>;
using frame_ptr = std::unique_ptr<AVFrame, frame_deleter>;
using packet_ptr = std::unique_ptr<AVPacket, packet_deleter>;

error failed(const char* what) { return {errc::internal, std::string{"encoder: "} + what}; }

// nal_unit_type: five bits in H.264 (§7.3.1), six in H.265 (H.265 §7.3.1.2).
unsigned nal_type(byte_span nal, video_codec codec) {
  return codec == video_codec::h265 ? (nal[0] >> 1) & 0x3fU : nal[0] & 0x1fU;
}
bool is_slice(unsigned type, video_codec codec) {
  return codec == video_codec::h265 ? type < 32 : type == 1 || type == 5;
}

// Calls `take` with each NAL unit of an Annex B byte stream (H.264 annex B), start codes removed.
template <class Take>
void for_each_nal(byte_span stream, Take take) {
  const auto start_code = [&](std::size_t at) {
    return at + 3 <= stream.size() && stream[at] == 0 && stream[at + 1] == 0 && stream[at + 2] == 1;
  };
  std::size_t begin = 0;
  while (begin < stream.size() && !start_code(begin)) ++begin;
  while (begin < stream.size()) {
    begin += 3;
    std::size_t end = begin;
    while (end < stream.size() && !start_code(end)) ++end;
    std::size_t last = end;
    while (last > begin && stream[last - 1] == 0) --last;
    if (last > begin) take(stream.subspan(begin, last - begin));
    begin = end;
  }
}

void set_x264(AVCodecContext& context, const encoding& how) {
  // mvrange: with the still rows of the scenes, motion never reaches the text row.
  const char* options =
      "scenecut=0:cabac=0:8x8dct=0:weightp=0:bframes=0:ref=1:sliced-threads=0:slices=1:mvrange=32:"
      "rc-lookahead=12:sync-lookahead=0";
  av_opt_set(context.priv_data, "preset", "veryfast", 0);
  av_opt_set(context.priv_data, "profile", "baseline", 0);
  av_opt_set(context.priv_data, "level", how.width_px * how.height_px > 1280 * 704 ? "4.0" : "3.1",
             0);
  av_opt_set(context.priv_data, "x264-params", options, 0);
}

void set_x265(AVCodecContext& context, const encoding& how) {
  const std::string options = fmt::format(
      "log-level=none:info=0:scenecut=0:open-gop=0:bframes=0:ref=1:keyint={gop}:min-keyint={gop}:"
      "pools=none:frame-threads=1:rc-lookahead=8:repeat-headers=0:aud=0:hrd=0",
      fmt::arg("gop", how.gop));
  av_opt_set(context.priv_data, "preset", "ultrafast", 0);
  av_opt_set(context.priv_data, "forced-idr", "1", 0);
  av_opt_set(context.priv_data, "x265-params", options.c_str(), 0);
}

result<context_ptr> open_encoder(const encoding& how) {
  const bool is_h265 = how.codec == video_codec::h265;
  const AVCodec* codec = avcodec_find_encoder_by_name(is_h265 ? "libx265" : "libx264");
  av_log_set_level(AV_LOG_ERROR);
  if (codec == nullptr)
    return tl::unexpected{failed(is_h265 ? "libavcodec was built without libx265"
                                         : "libavcodec was built without libx264")};
  context_ptr context{avcodec_alloc_context3(codec)};
  context->width = static_cast<int>(how.width_px);
  context->height = static_cast<int>(how.height_px);
  context->pix_fmt = AV_PIX_FMT_YUV420P;
  context->time_base = {1, static_cast<int>(how.fps)};
  context->framerate = {static_cast<int>(how.fps), 1};
  context->bit_rate = std::int64_t{how.kbps} * 1000;
  context->rc_max_rate = context->bit_rate;
  context->rc_buffer_size = static_cast<int>(context->bit_rate * 2);
  context->gop_size = static_cast<int>(how.gop);
  context->keyint_min = static_cast<int>(how.gop);
  context->max_b_frames = 0;
  context->refs = 1;
  context->thread_count = static_cast<int>(how.threads);
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  if (is_h265)
    set_x265(*context, how);
  else
    set_x264(*context, how);
  if (avcodec_open2(context.get(), codec, nullptr) < 0)
    return tl::unexpected{failed("the encoder refuses its settings")};
  return context;
}

frame_ptr to_frame(const canvas& picture) {
  frame_ptr frame{av_frame_alloc()};
  frame->format = AV_PIX_FMT_YUV420P;
  frame->width = static_cast<int>(picture.width());
  frame->height = static_cast<int>(picture.height());
  if (av_frame_get_buffer(frame.get(), 0) < 0) return nullptr;
  const auto plane = [&](int index, const std::vector<std::uint8_t>& from, unsigned width) {
    for (std::size_t row = 0; row * width < from.size(); ++row)
      std::copy_n(from.data() + row * width, width,
                  frame->data[index] + static_cast<std::ptrdiff_t>(row) * frame->linesize[index]);
  };
  plane(0, picture.luma(), picture.width());
  plane(1, picture.blue(), picture.width() / 2);
  plane(2, picture.red(), picture.width() / 2);
  return frame;
}

// Takes every finished picture out of the encoder.
result<void> drain(AVCodecContext& context, AVPacket& packet, video_codec codec,
                   encoded_scene& into) {
  while (avcodec_receive_packet(&context, &packet) == 0) {
    unsigned slices = 0;
    for_each_nal({packet.data, static_cast<std::size_t>(packet.size)}, [&](byte_span nal) {
      if (!is_slice(nal_type(nal, codec), codec)) return;
      into.slices.emplace_back(nal.begin(), nal.end());
      ++slices;
    });
    av_packet_unref(&packet);
    if (slices != 1) return tl::unexpected{failed("several slices in a picture")};
  }
  return {};
}

}  // namespace

result<encoded_scene> encode_scene(scene what, const encoding& how) {
  auto opened = open_encoder(how);
  if (!opened) return tl::unexpected{opened.error()};
  AVCodecContext& context = **opened;
  encoded_scene encoded;
  for_each_nal({context.extradata, static_cast<std::size_t>(context.extradata_size)},
               [&](byte_span nal) {
                 const unsigned type = nal_type(nal, how.codec);
                 const bool is_h265 = how.codec == video_codec::h265;
                 if (is_h265 && type == 32) encoded.vps.assign(nal.begin(), nal.end());
                 if (type == (is_h265 ? 33U : 7U)) encoded.sps.assign(nal.begin(), nal.end());
                 if (type == (is_h265 ? 34U : 8U)) encoded.pps.assign(nal.begin(), nal.end());
               });
  if (encoded.sps.empty() || encoded.pps.empty())
    return tl::unexpected{failed("no parameter sets")};

  const canvas background = draw_background(what, how.width_px, how.height_px);
  const packet_ptr packet{av_packet_alloc()};
  for (unsigned i = 0; i < how.pictures; ++i) {
    canvas picture = background;
    const unsigned moment = how.is_still ? 0 : i;
    draw_motion(what, picture, static_cast<double>(moment) / how.pictures, moment);
    const frame_ptr frame = to_frame(picture);
    if (!frame) return tl::unexpected{failed("no memory for a picture")};
    frame->pts = i;
    if (avcodec_send_frame(&context, frame.get()) < 0)
      return tl::unexpected{failed("a picture was refused")};
    if (auto drained = drain(context, *packet, how.codec, encoded); !drained)
      return tl::unexpected{drained.error()};
  }
  avcodec_send_frame(&context, nullptr);
  if (auto drained = drain(context, *packet, how.codec, encoded); !drained)
    return tl::unexpected{drained.error()};
  if (encoded.slices.size() != how.pictures) return tl::unexpected{failed("pictures are missing")};
  return encoded;
}

}  // namespace vigie::simulators
