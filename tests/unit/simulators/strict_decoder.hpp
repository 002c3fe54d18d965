// SPDX-License-Identifier: Apache-2.0
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/log.h>
}

#include <cstdint>
#include <vector>

#include "camera_farm/bits.hpp"
#include "camera_farm/packets.hpp"

namespace vigie::test {

struct grey_picture {
  unsigned width = 0;
  unsigned height = 0;
  std::vector<std::uint8_t> luma;
  std::uint8_t at(unsigned x, unsigned y) const { return luma[std::size_t{y} * width + x]; }
};

/// libavcodec told to refuse every error. `complaints` counts refusals, pictures it had to conceal
/// anything in, and whatever it says at warning level or worse.
class strict_decoder {
 public:
  strict_decoder() {
    complaint_count() = 0;
    av_log_set_callback([](void*, int level, const char*, va_list) {
      if (level <= AV_LOG_WARNING) ++complaint_count();
    });
    context_ = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264));
    context_->err_recognition =
        AV_EF_EXPLODE | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_CAREFUL | AV_EF_COMPLIANT;
    context_->thread_count = 1;
    context_->flags |= AV_CODEC_FLAG_LOW_DELAY;
    avcodec_open2(context_, nullptr, nullptr);
    frame_ = av_frame_alloc();
    packet_ = av_packet_alloc();
  }
  ~strict_decoder() {
    av_packet_free(&packet_);
    av_frame_free(&frame_);
    avcodec_free_context(&context_);
    av_log_set_callback(av_log_default_callback);
  }
  strict_decoder(const strict_decoder&) = delete;
  strict_decoder& operator=(const strict_decoder&) = delete;

  /// Decodes one access unit, NAL units without start codes.
  void decode(const std::vector<simulators::bytes>& nals) {
    simulators::bytes stream;
    for (const auto& nal : nals) {
      stream.insert(stream.end(), {0, 0, 0, 1});
      stream.insert(stream.end(), nal.begin(), nal.end());
    }
    const std::size_t size = stream.size();
    stream.resize(size + AV_INPUT_BUFFER_PADDING_SIZE);
    packet_->data = stream.data();
    packet_->size = static_cast<int>(size);
    if (avcodec_send_packet(context_, packet_) < 0) ++complaint_count();
    take_pictures();
  }
  void finish() {
    avcodec_send_packet(context_, nullptr);
    take_pictures();
  }

  std::vector<grey_picture> pictures;
  unsigned complaints() const { return complaint_count(); }

 private:
  static unsigned& complaint_count() {
    static unsigned count = 0;
    return count;
  }
  void take_pictures() {
    while (avcodec_receive_frame(context_, frame_) == 0) {
      grey_picture picture;
      picture.width = static_cast<unsigned>(frame_->width);
      picture.height = static_cast<unsigned>(frame_->height);
      for (int row = 0; row < frame_->height; ++row) {
        const std::uint8_t* line = frame_->data[0] + std::ptrdiff_t{row} * frame_->linesize[0];
        picture.luma.insert(picture.luma.end(), line, line + frame_->width);
      }
      if (frame_->decode_error_flags != 0) ++complaint_count();
      pictures.push_back(std::move(picture));
    }
  }
  AVCodecContext* context_ = nullptr;
  AVFrame* frame_ = nullptr;
  AVPacket* packet_ = nullptr;
};

/// The NAL units a train of RTP packets carries (single, STAP-A, FU-A), in order.
inline std::vector<simulators::bytes> nals_of(const simulators::packet_train& train) {
  std::vector<simulators::bytes> nals;
  for (const std::uint32_t start : train.starts) {
    const std::uint8_t* head = train.data.data() + start;
    const std::size_t length = (std::size_t{head[2]} << 8 | head[3]) - 12;
    const std::uint8_t* payload = head + simulators::packet_overhead_bytes;
    const unsigned type = payload[0] & 0x1f;
    if (type == 24) {
      for (std::size_t at = 1; at < length;) {
        const std::size_t size = std::size_t{payload[at]} << 8 | payload[at + 1];
        nals.emplace_back(payload + at + 2, payload + at + 2 + size);
        at += 2 + size;
      }
    } else if (type == 28) {
      if ((payload[1] & 0x80) != 0)
        nals.push_back({static_cast<std::uint8_t>((payload[0] & 0xe0) | (payload[1] & 0x1f))});
      nals.back().insert(nals.back().end(), payload + 2, payload + length);
    } else {
      nals.emplace_back(payload, payload + length);
    }
  }
  return nals;
}

}  // namespace vigie::test
