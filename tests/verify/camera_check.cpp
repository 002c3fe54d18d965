// SPDX-License-Identifier: Apache-2.0
#include "verify/camera_check.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>

#include "verify/frame_mark.hpp"
#include "verify/mapped_file.hpp"
#include "verify/mp4_file.hpp"

namespace verify {
namespace {

constexpr std::size_t most_problems = 8;
/// Missing time that shows: more than a jittering picture, less than the shortest reconnection.
constexpr double visible_gap_s = 0.25;
/// The filing time of contiguous files may be corrected by this much against their media time.
constexpr double filing_slack_s = 0.55;
/// How far media time may differ from the camera's sending times over a file.
constexpr double pace_slack_s = 1.0;
constexpr double pace_slack_share = 0.05;

/// The number at the end of a camera's id is the index the farm stamps on its pictures.
std::optional<std::uint32_t> index_in(const std::string& camera) {
  const auto digits = camera.find_last_not_of("0123456789") + 1;  // npos + 1 is 0
  if (digits == camera.size() || camera.size() - digits > 9) return {};
  return static_cast<std::uint32_t>(std::stoul(camera.substr(digits)));
}

class camera_checker {
 public:
  camera_checker(const std::string& camera, const camera_options& options)
      : options_{options}, index_{index_in(camera)} {
    out_.camera = camera;
  }

  void check(const recorded_file& file, bool is_last) {
    ++out_.files;
    try {
      const mapped_file mapped{file.path};
      out_.bytes += mapped.bytes().size();
      judge(file, read_mp4(mapped.bytes()), is_last);
    } catch (const std::exception& e) {
      spoil(file, e.what());
    }
  }

  camera_verdict finish() {
    if (out_.unnumbered > 0 && out_.unnumbered < out_.frames)
      complain(out_.camera + ": some pictures carry no mark");
    return std::move(out_);
  }

 private:
  void complain(std::string text) {
    if (out_.problems.size() < most_problems) out_.problems.push_back(std::move(text));
  }
  void spoil(const recorded_file& file, const std::string& why) {
    ++out_.unplayable;
    complain(file.path.string() + ": " + why);
  }

  void judge(const recorded_file& file, const mp4_file& media, bool is_last) {
    out_.audio_tracks += media.other_tracks;
    if (media.other_tracks > 0) complain(file.path.string() + ": a track that is not video");
    if (!media.damage.empty()) spoil(file, media.damage);
    if (media.is_torn && is_last) {
      ++out_.torn_tail;
      if (!options_.after_kill) complain(file.path.string() + ": torn at its end");
    } else if (media.is_torn) {
      spoil(file, "torn, though a later file follows");
    } else if (media.samples.empty() && media.damage.empty()) {
      spoil(file, "without a single picture");
    }
    if (!media.samples.empty()) follow(file, media);
  }

  /// Every picture of a file, after those of the files before.
  void follow(const recorded_file& file, const mp4_file& media) {
    const auto to_s = [&](std::uint64_t ticks) {
      return static_cast<double>(ticks) / media.timescale;
    };
    const double start_s = static_cast<double>(file.start_ms) / 1000;
    if (end_s_ > 0 && start_s < end_s_ - filing_slack_s)
      implausible(file, "begins before the previous file ends");

    bool is_first = true;
    bool is_sound = true;
    std::optional<frame_mark> first_mark, last_mark;
    double first_mark_s = 0, last_mark_s = 0;
    double fragment_end_s = 0;
    for (const auto& one : media.samples) {
      const auto seen = read_picture(one.data, media.is_h265);
      is_sound = is_sound && seen.is_sound && (!is_first || seen.is_key);
      const double at_s = to_s(one.decode_time);
      if (at_s < fragment_end_s - 1e-4) implausible(file, "fragments overlap in time");
      const double missing_s = is_first              ? (end_s_ > 0 ? start_s - end_s_ : 0)
                               : one.starts_fragment ? at_s - fragment_end_s
                                                     : 0;
      fragment_end_s = to_s(one.decode_time + one.duration);
      out_.seconds += to_s(one.duration);
      ++out_.frames;
      if (seen.mark) {
        count(*seen.mark, missing_s);
        if (!first_mark) first_mark = seen.mark, first_mark_s = at_s;
        last_mark = seen.mark, last_mark_s = at_s;
      } else {
        ++out_.unnumbered;
      }
      is_first = false;
    }
    if (!is_sound) spoil(file, "not pictures from a key frame on");
    end_s_ = start_s + fragment_end_s;
    if (first_mark) check_pace(file, *first_mark, *last_mark, last_mark_s - first_mark_s);
  }

  /// Media time must pass as the camera's sending times do.
  void check_pace(const recorded_file& file, const frame_mark& first, const frame_mark& last,
                  double media_s) {
    const double sent_s =
        (static_cast<double>(last.sent_utc_us) - static_cast<double>(first.sent_utc_us)) / 1e6;
    if (std::abs(sent_s - media_s) > pace_slack_s + pace_slack_share * std::abs(sent_s))
      implausible(file, "lasts " + std::to_string(media_s) + " s for pictures sent over " +
                            std::to_string(sent_s) + " s");
  }

  void implausible(const recorded_file& file, const std::string& why) {
    ++out_.implausible;
    complain(file.path.string() + ": " + why);
  }

  void count(const frame_mark& mark, double missing_s) {
    if (!index_) index_ = mark.camera;
    if (mark.camera != *index_ || (options_.last_sent && mark.counter > *options_.last_sent)) {
      ++out_.foreign;
      complain(out_.camera + ": picture " + std::to_string(mark.counter) + " of camera index " +
               std::to_string(mark.camera));
      return;
    }
    if (out_.first == 0) out_.first = mark.counter;
    if (last_ && mark.counter <= last_->counter) {
      // The same number sent later is a camera that began anew; else it is the same picture.
      if (mark.sent_utc_us <= last_->sent_utc_us) {
        ++out_.duplicated;
        complain(out_.camera + ": picture " + std::to_string(mark.counter) + " again");
        return;
      }
      ++out_.restarts;
    } else if (last_ && mark.counter > last_->counter + 1) {
      hole(last_->counter + 1, mark.counter - 1, missing_s);
    }
    last_ = mark;
    out_.last = std::max(out_.last, mark.counter);
  }

  void hole(std::uint64_t from, std::uint64_t to, double missing_s) {
    if (missing_s >= visible_gap_s) {
      out_.gaps.push_back({out_.camera, from, to, missing_s, options_.allow_gaps});
      return;
    }
    out_.lost += to - from + 1;
    complain(out_.camera + ": lost " + std::to_string(from) + " to " + std::to_string(to));
  }

  const camera_options& options_;
  std::optional<std::uint32_t> index_;
  std::optional<frame_mark> last_;
  double end_s_ = 0;  ///< of the file before, UTC
  camera_verdict out_;
};

}  // namespace

camera_verdict check_camera(const std::string& camera, const std::vector<recorded_file>& files,
                            const camera_options& options) {
  camera_checker checker{camera, options};
  for (std::size_t i = 0; i < files.size(); ++i) checker.check(files[i], i + 1 == files.size());
  return checker.finish();
}

std::optional<std::int64_t> start_of_name(const std::string& name) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0, end = 0;
  if (std::sscanf(name.c_str(), "%4d%2d%2dT%2d%2d%2d%3dZ.mp4%n", &year, &month, &day, &hour,
                  &minute, &second, &ms, &end) != 7 ||
      end != 23 || name.size() != 23)
    return {};
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return {};
  const auto days = std::chrono::sys_days{date}.time_since_epoch();
  return (days.count() * 86'400LL + hour * 3600 + minute * 60 + second) * 1000 + ms;
}

}  // namespace verify
