// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vigie/sdk.h"

#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace abi_test {

inline std::string text(vigie_str_t from) {
  return from.data == nullptr ? std::string() : std::string(from.data, from.length);
}

inline vigie_str_t str(std::string_view from) { return {from.data(), from.size()}; }

/// An error slot of the usual size, or a smaller one as an older host would have it.
struct error_slot : vigie_error_t {
  explicit error_slot(uint32_t bytes = sizeof(vigie_error_t)) : vigie_error_t{} { size = bytes; }
};

/// The least a host can be: it writes down what the plugin says.
class mini_host {
 public:
  mini_host() {
    host_.size = sizeof(host_);
    host_.abi = VIGIE_ABI_VERSION;
    host_.data = this;
    host_.name = VIGIE_STR("mini");
    host_.version = VIGIE_STR("1");
    host_.get_extension = [](const vigie_host_t* host, const char* id) -> const void* {
      auto& tables = of(host).tables_;
      const auto found = tables.find(id);
      return found == tables.end() ? nullptr : found->second;
    };
    log_ = {sizeof(log_), 0, [](const vigie_host_t* host, int32_t severity, vigie_str_t line) {
              of(host).lines.push_back(std::to_string(severity) + " " + text(line));
            }};
    sink_ = {sizeof(sink_), 0,
             [](const vigie_host_t* host, uint64_t, const vigie_packet_t* packet) {
               of(host).packets.push_back(*packet);
               return vigie_status_t{VIGIE_OK};
             },
             [](const vigie_host_t* host, uint64_t, vigie_status_t, vigie_str_t why) {
               of(host).lines.push_back("ended " + text(why));
             }};
    detections_ = {sizeof(detections_), 0,
                   [](const vigie_host_t* host, const vigie_detection_t* detection) {
                     of(host).detections.push_back(*detection);
                     return vigie_status_t{VIGIE_OK};
                   }};
    frames_ = {sizeof(frames_), 0,
               [](const vigie_host_t* host, const vigie_frame_t* frame) {
                 of(host).retained.push_back(frame);
                 return vigie_status_t{VIGIE_OK};
               },
               [](const vigie_host_t* host, const vigie_frame_t* frame) {
                 std::erase(of(host).retained, frame);
               }};
    delivery_ = {sizeof(delivery_), 0,
                 [](const vigie_host_t* host, const vigie_delivery_report_t* report) {
                   // As every receiver does: what lies beyond its size is zero.
                   vigie_delivery_report_t copy{};
                   std::memcpy(&copy, report, std::min<size_t>(report->size, sizeof(copy)));
                   of(host).reports.push_back(copy);
                   return vigie_status_t{VIGIE_OK};
                 }};
    tables_ = {{VIGIE_EXT_LOG, &log_},
               {VIGIE_EXT_PACKET_SINK, &sink_},
               {VIGIE_EXT_DETECTIONS, &detections_},
               {VIGIE_EXT_FRAMES, &frames_},
               {VIGIE_EXT_DELIVERY, &delivery_}};
  }
  mini_host(const mini_host&) = delete;
  mini_host& operator=(const mini_host&) = delete;

  [[nodiscard]] const vigie_host_t* raw() const { return &host_; }
  void remove(const char* extension) { tables_.erase(extension); }
  vigie_packet_sink_t& sink() { return sink_; }

  std::vector<std::string> lines;
  std::vector<vigie_packet_t> packets;
  std::vector<vigie_detection_t> detections;
  std::vector<vigie_delivery_report_t> reports;
  std::vector<const vigie_frame_t*> retained;

 private:
  static mini_host& of(const vigie_host_t* host) { return *static_cast<mini_host*>(host->data); }

  vigie_host_t host_{};
  vigie_log_t log_{};
  vigie_packet_sink_t sink_{};
  vigie_detections_t detections_{};
  vigie_frames_t frames_{};
  vigie_delivery_t delivery_{};
  std::map<std::string, const void*> tables_;
};

}  // namespace abi_test
