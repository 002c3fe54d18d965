// SPDX-License-Identifier: Apache-2.0
#include "analytics/decoder_link.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "plugin_host/sandbox.hpp"

namespace vigie::analytics {
namespace {

/// Sends the first record with the memory's descriptor beside it.
bool offer_memory(int channel, const picture_memory& memory) {
  wire::memory_offer offer{picture_memory::slot_bytes, picture_memory::slots};
  const int descriptor = memory.descriptor();
  iovec part{&offer, sizeof offer};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
  return ::sendmsg(channel, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof offer);
}

void append_sized(std::vector<std::uint8_t>& out, const std::vector<std::uint8_t>& nal) {
  if (nal.empty()) return;
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(nal.size() >> shift));
  out.insert(out.end(), nal.begin(), nal.end());
}

/// Parameter sets travel as ordinary NAL units in front of the picture's.
std::vector<std::uint8_t> sized_parameter_sets(const media::codec_parameters& parameters) {
  std::vector<std::uint8_t> out;
  append_sized(out, parameters.vps);
  append_sized(out, parameters.sps);
  append_sized(out, parameters.pps);
  for (const auto& pps : parameters.extra_pps) append_sized(out, pps);
  return out;
}

}  // namespace

result<decoder_link> decoder_link::start(const std::filesystem::path& program,
                                         std::shared_ptr<picture_memory> memory, const clock& time,
                                         std::chrono::milliseconds answer_deadline,
                                         link_events events) {
  auto child = plugin_host::child_process::spawn(program, {});
  if (!child) return tl::unexpected{child.error()};
  if (!offer_memory(child->channel(), *memory))
    return fail(errc::child_failed, "the decoder took no memory");
  return decoder_link{std::move(*child), std::move(memory), time, answer_deadline,
                      std::move(events)};
}

decoder_link::decoder_link(plugin_host::child_process child, std::shared_ptr<picture_memory> memory,
                           const clock& time, std::chrono::milliseconds answer_deadline,
                           link_events events)
    : child_{std::move(child)},
      memory_{std::move(memory)},
      time_{&time},
      answer_deadline_{answer_deadline},
      events_{std::move(events)},
      last_answer_{time.mono()} {}

decoder_link::~decoder_link() {
  for (const auto& each : in_flight_)
    for (const auto slot : each.slots) memory_->give_back(slot);
}

bool decoder_link::is_overdue() const noexcept {
  return !in_flight_.empty() && time_->mono() - last_answer_ > to_ns(answer_deadline_);
}

std::string decoder_link::obituary() {
  const auto pid = child_.pid();
  const bool alive = child_.alive();
  return "pid " + std::to_string(pid) + " (" + (alive ? "killed" : child_.ending()) + ")";
}

bool decoder_link::send(const sampled_frame& frame, const std::atomic<bool>& stopping) {
  const auto& unit = *frame.unit;
  const auto sets = sized_parameter_sets(*unit.parameters);
  if (sets.size() + unit.data.size() > wire::max_frame_bytes) {
    for (std::size_t i = 0; i < frame.wanted.orders.size(); ++i) events_.on_not_shown();
    return true;
  }
  owed entry{
      frame.camera, unit.arrival_mono_ns, unit.capture_utc_us, frame.wanted.is_measured, {}, {}};
  wire::frame_header header;
  header.camera_index = frame.camera->camera_index;
  header.codec = static_cast<std::uint32_t>(unit.parameters->kind);
  header.arrival_mono_ns = unit.arrival_mono_ns;
  header.capture_utc_us = unit.capture_utc_us;
  header.data_bytes = static_cast<std::uint32_t>(sets.size() + unit.data.size());
  header.is_measured = frame.wanted.is_measured ? 1 : 0;
  for (const auto& order : frame.wanted.orders) {
    const auto slot = memory_->take();
    if (!slot) {
      events_.on_not_shown();
      continue;
    }
    header.views[header.view_count++] = {order.wish.pixel_format, order.wish.width,
                                         order.wish.height, *slot};
    entry.orders.push_back(order);
    entry.slots.push_back(*slot);
  }
  if (header.is_measured == 0 && header.view_count == 0) return true;
  if (in_flight_.empty()) last_answer_ = time_->mono();
  in_flight_.push_back(std::move(entry));
  return send_all(&header, sizeof header, stopping) &&
         send_all(sets.data(), sets.size(), stopping) &&
         send_all(unit.data.data(), unit.data.size(), stopping);
}

bool decoder_link::send_all(const void* bytes, std::size_t size,
                            const std::atomic<bool>& stopping) {
  const auto* at = static_cast<const std::uint8_t*>(bytes);
  const auto deadline = time_->mono() + to_ns(answer_deadline_);
  while (size > 0) {
    const auto sent = ::send(child_.channel(), at, size, MSG_NOSIGNAL);
    if (sent > 0) {
      at += sent;
      size -= static_cast<std::size_t>(sent);
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) return false;
    if (stopping || time_->mono() > deadline || !receive()) return false;
    pollfd ready{child_.channel(), POLLIN | POLLOUT, 0};
    ::poll(&ready, 1, 50);
  }
  return true;
}

bool decoder_link::receive() {
  std::uint8_t buffer[4096];
  while (true) {
    const auto got = ::recv(child_.channel(), buffer, sizeof buffer, 0);
    if (got == 0) return false;
    if (got < 0) {
      if (errno == EINTR) continue;
      return errno == EAGAIN;
    }
    // Read as it comes: a child that never stops writing is ended by its first answer too many.
    if (!incoming_.feed({buffer, static_cast<std::size_t>(got)},
                        [this](const wire::measure& said) { return deliver(said); }))
      return false;
  }
}

std::optional<std::uint32_t> decoder_link::missing_layers() const noexcept {
  const auto has = incoming_.sandbox_layers();
  if (!has) return std::nullopt;
  return plugin_host::all_sandbox_layers & ~*has;
}

bool decoder_link::deliver(const wire::measure& said) {
  if (in_flight_.empty() || !is_about(said, in_flight_.front())) return false;
  const auto head = std::move(in_flight_.front());
  in_flight_.pop_front();
  last_answer_ = time_->mono();
  if (head.is_measured) {
    picture_measure told;
    told.camera = head.camera->camera;
    told.arrival_mono_ns = said.arrival_mono_ns;
    told.capture_utc_us = said.capture_utc_us;
    told.decoded = said.decoded != 0;
    told.dark_share = said.dark_share;
    told.dark_core_share = said.dark_core_share;
    told.change = said.change;
    told.change_without_overlay = said.change_without_overlay;
    events_.on_measure(told);
  }
  return hand_over(head, said);
}

/// Answers come in order, each about the frame that was asked for.
bool decoder_link::is_about(const wire::measure& said, const owed& head) noexcept {
  return said.camera_index == head.camera->camera_index &&
         said.arrival_mono_ns == head.arrival_mono_ns && said.capture_utc_us == head.capture_utc_us;
}

/// False when the child claims a picture that does not fit where it was to put it.
bool decoder_link::hand_over(const owed& head, const wire::measure& said) {
  bool is_sound = true;
  for (std::size_t i = 0; i < head.slots.size(); ++i) {
    const auto& made = said.views[i];
    const auto owner = memory_->own(head.slots[i]);
    const auto bytes =
        plugin_host::picture_bytes(head.orders[i].wish.pixel_format, made.width, made.height);
    if (bytes > picture_memory::slot_bytes) is_sound = false;
    if (bytes == 0 || !is_sound) {
      events_.on_not_shown();
      continue;
    }
    plugin_host::picture shown;
    shown.pixel_format = head.orders[i].wish.pixel_format;
    shown.width = made.width;
    shown.height = made.height;
    shown.capture_utc_us = said.capture_utc_us;
    shown.pixels = memory_->view(head.slots[i], bytes);
    shown.owner = owner;
    events_.on_shown();
    head.orders[i].take(head.camera->camera, std::move(shown));
  }
  return is_sound;
}

}  // namespace vigie::analytics
