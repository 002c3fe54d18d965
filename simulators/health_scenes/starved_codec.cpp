// SPDX-License-Identifier: Apache-2.0
#include "health_scenes/starved_codec.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
}

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "health_scenes/world.hpp"

namespace vigie::simulators::health {

struct starved_codec::state {
  AVCodecContext* encoder = nullptr;
  AVCodecContext* decoder = nullptr;
  AVFrame* source = av_frame_alloc();
  AVFrame* shown = av_frame_alloc();
  AVPacket* packet = av_packet_alloc();
  std::int64_t pts = 0;

  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state() {
    av_packet_free(&packet);
    av_frame_free(&shown);
    av_frame_free(&source);
    avcodec_free_context(&decoder);
    avcodec_free_context(&encoder);
  }
};

starved_codec::starved_codec(int bytes_per_picture) : state_{std::make_unique<state>()} {
  av_log_set_level(AV_LOG_QUIET);
  const AVCodec* x264 = avcodec_find_encoder_by_name("libx264");
  const AVCodec* h264 = avcodec_find_decoder(AV_CODEC_ID_H264);
  if (x264 == nullptr || h264 == nullptr) throw std::runtime_error{"libavcodec without x264"};
  state& s = *state_;
  s.encoder = avcodec_alloc_context3(x264);
  s.encoder->width = picture_width;
  s.encoder->height = picture_height;
  s.encoder->pix_fmt = AV_PIX_FMT_YUV420P;
  s.encoder->time_base = {1, 1};
  s.encoder->framerate = {1, 1};
  s.encoder->bit_rate = std::int64_t{bytes_per_picture} * 8;
  s.encoder->rc_max_rate = s.encoder->bit_rate * 2;
  s.encoder->rc_buffer_size = static_cast<int>(s.encoder->bit_rate * 2);
  s.encoder->gop_size = 1;
  s.encoder->max_b_frames = 0;
  s.encoder->thread_count = 1;
  av_opt_set(s.encoder->priv_data, "preset", "superfast", 0);
  av_opt_set(s.encoder->priv_data, "tune", "zerolatency", 0);
  s.decoder = avcodec_alloc_context3(h264);
  s.decoder->thread_count = 1;
  s.decoder->flags |= AV_CODEC_FLAG_LOW_DELAY;
  s.source->format = AV_PIX_FMT_YUV420P;
  s.source->width = picture_width;
  s.source->height = picture_height;
  if (avcodec_open2(s.encoder, x264, nullptr) < 0 || avcodec_open2(s.decoder, h264, nullptr) < 0 ||
      av_frame_get_buffer(s.source, 0) < 0)
    throw std::runtime_error{"x264 refuses its settings"};
  for (int plane = 1; plane < 3; ++plane)
    std::memset(s.source->data[plane], 128,
                static_cast<std::size_t>(s.source->linesize[plane]) * (picture_height / 2));
}

starved_codec::~starved_codec() = default;

void starved_codec::pass(std::vector<std::uint8_t>& luma) {
  state& s = *state_;
  if (av_frame_make_writable(s.source) < 0) throw std::runtime_error{"no memory for a picture"};
  for (int y = 0; y < picture_height; ++y)
    std::copy_n(luma.data() + static_cast<std::ptrdiff_t>(y) * picture_width, picture_width,
                s.source->data[0] + static_cast<std::ptrdiff_t>(y) * s.source->linesize[0]);
  s.source->pts = s.pts++;
  if (avcodec_send_frame(s.encoder, s.source) < 0 ||
      avcodec_receive_packet(s.encoder, s.packet) < 0 ||
      avcodec_send_packet(s.decoder, s.packet) < 0)
    throw std::runtime_error{"a picture was refused"};
  av_packet_unref(s.packet);
  if (avcodec_receive_frame(s.decoder, s.shown) < 0)
    throw std::runtime_error{"no picture came out"};
  for (int y = 0; y < picture_height; ++y)
    std::copy_n(s.shown->data[0] + static_cast<std::ptrdiff_t>(y) * s.shown->linesize[0],
                picture_width, luma.data() + static_cast<std::ptrdiff_t>(y) * picture_width);
  av_frame_unref(s.shown);
}

}  // namespace vigie::simulators::health
