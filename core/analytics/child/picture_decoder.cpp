// SPDX-License-Identifier: Apache-2.0
#include "analytics/child/picture_decoder.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <algorithm>
#include <cmath>

#include "analytics/child/frame_intake.hpp"
#include "analytics/child/picture_scaler.hpp"
#include "media/codec_parameters.hpp"

namespace vigie::analytics::child {
namespace {

static_assert(decoder_padding_bytes == AV_INPUT_BUFFER_PADDING_SIZE);
constexpr std::int64_t max_pixels = 8192LL * 4320;  // above any camera; refuses SPS bombs

luma_cell cell_of(const AVFrame& frame, int left, int right, int top, int bottom) {
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
  for (int y = top; y < bottom; ++y) {
    const std::uint8_t* line = frame.data[0] + static_cast<std::ptrdiff_t>(y) * frame.linesize[0];
    for (int x = left; x < right; ++x) {
      sum += line[x];
      squares += std::uint64_t{line[x]} * line[x];
    }
  }
  const double pixels = static_cast<double>(bottom - top) * (right - left);
  const double mean = static_cast<double>(sum) / pixels;
  const double variance = static_cast<double>(squares) / pixels - mean * mean;
  return {static_cast<float>(mean), static_cast<float>(std::sqrt(std::max(0.0, variance)))};
}

luma_grid summarise(const AVFrame& frame) {
  constexpr int columns = grid_columns;
  constexpr int rows = grid_rows;
  luma_grid grid;
  grid.reserve(grid_cells);
  for (int row = 0; row < rows; ++row) {
    const int top = frame.height * row / rows;
    const int bottom = std::max(top + 1, frame.height * (row + 1) / rows);
    for (int column = 0; column < columns; ++column) {
      const int left = frame.width * column / columns;
      const int right = std::max(left + 1, frame.width * (column + 1) / columns);
      grid.push_back(cell_of(frame, left, right, top, bottom));
    }
  }
  return grid;
}

}  // namespace

struct picture_decoder::state {
  AVFrame* frame = av_frame_alloc();
  AVPacket* packet = av_packet_alloc();
  AVCodecContext* h264 = nullptr;
  AVCodecContext* h265 = nullptr;
  picture_scaler scaler;

  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state() {
    av_packet_free(&packet);
    av_frame_free(&frame);
    avcodec_free_context(&h264);
    avcodec_free_context(&h265);
  }

  /// Opened when the first frame of its codec comes; null when there is no such decoder.
  AVCodecContext* context_for(std::uint32_t codec) {
    const bool is_h265 = codec == static_cast<std::uint32_t>(media::codec::h265);
    auto*& context = is_h265 ? h265 : h264;
    if (context != nullptr) return context;
    const AVCodec* decoder = avcodec_find_decoder(is_h265 ? AV_CODEC_ID_HEVC : AV_CODEC_ID_H264);
    if (decoder == nullptr) return nullptr;
    context = avcodec_alloc_context3(decoder);
    context->thread_count = 1;
    context->max_pixels = max_pixels;
    context->flags |= AV_CODEC_FLAG_LOW_DELAY;
    if (avcodec_open2(context, decoder, nullptr) < 0) avcodec_free_context(&context);
    return context;
  }

  void use(const decode_order& order, decoded& out) {
    if (!picture_scaler::is_usable(*frame)) return;
    out.succeeded = true;
    if (order.is_measured) out.grid = summarise(*frame);
    for (std::size_t i = 0; i < order.views.size(); ++i)
      out.views[i] = scaler.make(*frame, order.views[i]);
  }
};

picture_decoder::picture_decoder() : state_{std::make_unique<state>()} {}
picture_decoder::~picture_decoder() = default;
picture_decoder::picture_decoder(picture_decoder&&) noexcept = default;

decoded picture_decoder::decode(const decode_order& order) {
  decoded out;
  auto* const context = state_->context_for(order.codec);
  if (context == nullptr || order.annex_b.size() <= AV_INPUT_BUFFER_PADDING_SIZE) return out;
  // A grid of averages does not see blocking; whoever looks at the picture does.
  context->skip_loop_filter = order.views.empty() ? AVDISCARD_ALL : AVDISCARD_DEFAULT;
  state_->packet->data =
      const_cast<std::uint8_t*>(order.annex_b.data());  // FFmpeg's C signature; read only
  state_->packet->size = static_cast<int>(order.annex_b.size() - AV_INPUT_BUFFER_PADDING_SIZE);
  // One picture in, drain, flush: a key frame needs no other, whatever delay the stream declares.
  if (avcodec_send_packet(context, state_->packet) == 0) {
    avcodec_send_packet(context, nullptr);
    if (avcodec_receive_frame(context, state_->frame) == 0) {
      state_->use(order, out);
      av_frame_unref(state_->frame);
    }
  }
  avcodec_flush_buffers(context);
  return out;
}

}  // namespace vigie::analytics::child
