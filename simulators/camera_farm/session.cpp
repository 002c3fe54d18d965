// SPDX-License-Identifier: Apache-2.0
#include "camera_farm/session.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <utility>

#include "camera_farm/udp_door.hpp"

namespace vigie::simulators {

namespace {

constexpr std::size_t max_pending_bytes = 1024 * 1024;
constexpr mono_ns second_ns = 1'000'000'000;
constexpr mono_ns slow_answer_ns = 2 * second_ns;
constexpr mono_ns report_every_ns = 5 * second_ns;

rtsp_dialogue::identity make_identity(random_source& random) {
  rtsp_dialogue::identity self;
  self.nonce = fmt::format("{:016x}{:016x}", random.next(), random.next());
  self.session_id = fmt::format("{:016X}", random.next());
  self.ssrc = static_cast<std::uint32_t>(random.next());
  self.first_sequence = static_cast<std::uint16_t>(random.next());
  return self;
}

std::uint32_t peer_of(int fd) {
  sockaddr_in peer{};
  socklen_t length = sizeof peer;
  ::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &length);
  return ntohl(peer.sin_addr.s_addr);
}

}  // namespace

session::session(camera& owner, int fd, const tls_server* tls)
    : owner_{owner},
      link_{fd, tls},
      dialogue_{owner.farm().options.who, owner.description(), make_identity(owner.farm().random)},
      client_{peer_of(fd)},
      last_heard_{owner.farm().time.mono()} {
  rtp_.ssrc = dialogue_.self().ssrc;
  rtp_.sequence = dialogue_.self().first_sequence;
}

session::~session() { close(); }

void session::start() { owner_.farm().loop.add(link_.fd(), EPOLLIN, *this); }

void session::close(bool reset) {
  if (closed()) return;
  if (!is_hung_) owner_.farm().loop.remove(link_.fd());
  link_.close(reset);
  if (account_.number > 0) owner_.session_ended(account_, torn_down_, rtp_.ssrc);
}

void session::hang() {
  if (closed() || is_hung_) return;
  owner_.farm().loop.remove(link_.fd());
  is_hung_ = true;
}

quirk_memory& session::memory() {
  if (!memory_) {
    memory_ = std::make_unique<quirk_memory>();
    memory_->camera = &owner_.memory();
    memory_->codec = owner_.clips().codec;
    memory_->fps = owner_.clips().fps;
  }
  memory_->now = owner_.farm().time.mono();
  return *memory_;
}

bool session::is_over(mono_ns now) {
  if (is_hung_) return false;
  if (now - last_heard_ > mono_ns{rtsp_dialogue::timeout_s} * second_ns) return true;
  const quirk* odd = habit();
  if (odd == nullptr || odd->gives_up == nullptr || !playing_) return false;
  // Reports over UDP are not listened to: a session there counts as reported.
  const std::uint64_t packets =
      dialogue_.transport().is_udp ? static_cast<std::uint64_t>(now) : reader_.packets();
  return odd->gives_up({packets, reader_.answers(), now - last_heard_}, memory());
}

void session::on_ready(std::uint32_t events) {
  if (closed()) return;
  if ((events & EPOLLOUT) != 0) flush();
  if (!closed() && (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) read_requests();
}

void session::read_requests() {
  std::array<std::uint8_t, 8192> buffer;
  std::ptrdiff_t got;
  // Until nothing is left: under TLS a readable socket says little of what is decrypted.
  while (!closed() && (got = link_.receive(buffer)) != 0) {
    if (got < 0) return close();
    const auto packets = reader_.packets();
    reader_.feed({reinterpret_cast<const char*>(buffer.data()), static_cast<std::size_t>(got)});
    while (!closed()) {
      const auto request = reader_.next();
      if (!request) break;
      last_heard_ = owner_.farm().time.mono();
      answer(*request);
    }
    // Receiver reports keep a session alive too (RFC 2326 §A.1), unless its camera's habit is to
    // look at requests alone.
    if (reader_.packets() != packets && habit() == nullptr) last_heard_ = owner_.farm().time.mono();
    if (reader_.broken()) close();
  }
}

rtsp_reply session::answer_of(const rtsp_request& request) {
  const trouble& now = owner_.current();
  const quirk* odd = now.habit;
  rtsp_dialogue::moment moment;
  moment.next_rtp_ts = owner_.next_rtp_ts();
  moment.accept_password = now.line != fault::wrong_password;
  moment.udp_port = owner_.farm().udp != nullptr ? owner_.farm().udp->port() : std::uint16_t{0};
  if (odd != nullptr) {
    moment.hash = odd->demands_sha256 ? digest_hash::sha256 : digest_hash::md5;
    moment.uri_must_agree = odd->demands_own_uri;
  }
  if (request.method == "DESCRIBE") {
    moment.sdp = make_sdp(owner_.description(), owner_.clips());
    if (odd != nullptr && odd->sdp != nullptr) odd->sdp(moment.sdp);
  }
  if (odd == nullptr) return dialogue_.handle(request, moment);

  const reply_scene scene{request, owner_.description(), dialogue_, memory()};
  rtsp_reply reply;
  reply.set("CSeq", std::string{request.header("cseq")});
  reply.set("Server", "vigie-sim");
  if (odd->instead == nullptr || !odd->instead(scene, reply))
    reply = dialogue_.handle(request, moment);
  if (odd->reply != nullptr) odd->reply(scene, reply);
  ++memory_->replies;
  return reply;
}

void session::answer(const rtsp_request& request) {
  if (request.method == "TEARDOWN") torn_down_ = true;
  auto reply = answer_of(request);
  if (owner_.current().line != fault::slow_start) return deliver(reply);
  owner_.farm().loop.at(owner_.farm().time.mono() + slow_answer_ns,
                        [self = weak_from_this(), reply = std::move(reply)] {
                          if (const auto here = self.lock(); here && !here->closed())
                            here->deliver(reply);
                        });
}

void session::begin_playing() {
  if (playing_) return;
  playing_ = true;
  rtp_.channel = dialogue_.transport().channel;
  const quirk* odd = habit();
  needs_key_ = odd == nullptr || !odd->starts_anywhere;
  account_.number = owner_.started_playing();
  account_.began = owner_.farm().time.utc();
}

void session::deliver(const rtsp_reply& reply) {
  const quirk* odd = habit();
  const bool plays = reply.then == rtsp_reply::action::play && !playing_;
  if (plays && odd != nullptr && odd->plays_early) {
    begin_playing();
    owner_.send_old(*this, 1);
    if (closed()) return;
  }
  const std::string text = reply.is_silent ? reply.before : reply.text();
  write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  if (closed()) return;
  if (plays) {
    const bool was_playing = playing_;
    begin_playing();
    if (!was_playing && odd != nullptr && odd->preroll_frames > 0)
      owner_.send_old(*this, odd->preroll_frames);
  } else if (reply.then == rtsp_reply::action::hang_up) {
    playing_ = false;
    if (has_pending())
      close_when_flushed_ = true;
    else
      close();
  }
}

void session::append_odd(const quirk& odd, const picture_source::picture& picture,
                         std::uint32_t rtp_ts, bytes& out) {
  quirk_memory& now = memory();
  if (now.frames == 0) now.first_ts = rtp_ts;
  if (odd.media_time != nullptr) rtp_ts = odd.media_time(rtp_ts, now);
  auto pieces = pieces_of(*picture.head, *picture.tail, rtp_ts, rtp_.ssrc);
  if (odd.packets != nullptr) odd.packets(pieces, now);
  append_pieces(pieces, rtp_, out);
  if (odd.wire != nullptr) odd.wire(out, now);
  ++now.frames;
}

bool session::send_picture(const picture_source::picture& picture, std::uint32_t rtp_ts,
                           std::uint64_t counter, mono_ns now) {
  if (needs_key_ && !picture.key) return false;
  const quirk* odd = habit();
  const bool is_udp = dialogue_.transport().is_udp;
  if (odd != nullptr && (odd->is_mute || (is_udp && odd->is_mute_on_udp))) return false;
  if (pending_.size() - sent_ > max_pending_bytes) {
    needs_key_ = true;
    ++account_.dropped;
    ++owner_.farm().dropped_frames;
    return false;
  }
  needs_key_ = false;
  send_report(now, report_every_ns);
  bytes& frame = owner_.farm().scratch;
  frame.clear();
  if (odd != nullptr) {
    append_odd(*odd, picture, rtp_ts, frame);
  } else {
    append_packets(*picture.head, rtp_, rtp_ts, frame);
    append_packets(*picture.tail, rtp_, rtp_ts, frame);
  }
  transmit(frame);
  if (closed()) return false;
  ++account_.frames;
  account_.last_frame = counter;
  if (account_.first_frame == 0) account_.first_frame = counter;
  return true;
}

void session::send_report(mono_ns now, mono_ns every) {
  if (last_report_ != 0 && now - last_report_ < every) return;
  last_report_ = now;
  const clock& time = owner_.farm().time;
  sender_report report;
  report.channel = static_cast<std::uint8_t>(rtp_.channel + 1);
  report.ssrc = rtp_.ssrc;
  report.utc = time.utc() + owner_.clock_error_us();
  report.rtp_ts = owner_.rtp_ts_at(time.mono());
  report.packets = rtp_.packets;
  report.octets = rtp_.octets;
  report.cname = owner_.description().name;
  const quirk* odd = habit();
  if (odd != nullptr && odd->report != nullptr) odd->report(report, memory());
  bytes framed;
  append_sender_report(report, framed);
  if (odd != nullptr && odd->wire != nullptr) odd->wire(framed, memory());
  transmit(framed);
}

void session::transmit(byte_span framed) {
  const transport_choice& chosen = dialogue_.transport();
  if (!chosen.is_udp) return write(framed);
  const quirk* odd = habit();
  owner_.farm().sent_bytes += owner_.farm().udp->send(
      framed,
      {owner_.address(), client_, chosen.client_port, odd != nullptr && odd->hides_udp_source});
}

void session::drip(const picture_source::picture& picture, std::uint32_t rtp_ts) {
  if (!has_pending()) {
    pending_.clear();
    sent_ = 0;
    append_packets(*picture.head, rtp_, rtp_ts, pending_);
    append_packets(*picture.tail, rtp_, rtp_ts, pending_);
  }
  const std::ptrdiff_t taken = link_.send(byte_span{pending_}.subspan(sent_, 1));
  if (taken < 0) return close();
  sent_ += static_cast<std::size_t>(taken);
  owner_.farm().sent_bytes += static_cast<std::uint64_t>(taken);
}

void session::resume() {
  needs_key_ = true;
  if (!closed() && !is_hung_ && has_pending()) flush();
}

void session::write(byte_span data) {
  if (closed() || is_hung_) return;
  if (!has_pending() && !dripping()) {
    const std::ptrdiff_t taken = link_.send(data);
    if (taken < 0) return close();
    owner_.farm().sent_bytes += static_cast<std::uint64_t>(taken);
    data = data.subspan(static_cast<std::size_t>(taken));
    if (data.empty()) return;
  }
  pending_.insert(pending_.end(), data.begin(), data.end());
  if (!dripping()) flush();
}

void session::flush() {
  if (dripping()) return;
  while (has_pending()) {
    const std::ptrdiff_t taken = link_.send(byte_span{pending_}.subspan(sent_));
    if (taken < 0) return close();
    if (taken == 0) break;
    sent_ += static_cast<std::size_t>(taken);
    owner_.farm().sent_bytes += static_cast<std::uint64_t>(taken);
  }
  if (!has_pending()) {
    pending_ = {};  // a client that stumbled once must not cost memory for ever
    sent_ = 0;
    if (close_when_flushed_) return close();
  }
  if (has_pending() != watching_writes_) {
    watching_writes_ = has_pending();
    owner_.farm().loop.modify(link_.fd(), watching_writes_ ? EPOLLIN | EPOLLOUT : EPOLLIN, *this);
  }
}

}  // namespace vigie::simulators
