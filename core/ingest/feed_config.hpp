// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "base/ids.hpp"
#include "base/secret.hpp"
#include "ingest/memory_ledger.hpp"
#include "ingest/quirk_tally.hpp"
#include "rtsp/quirk_book.hpp"
#include "rtsp/quirk_policies.hpp"
#include "rtsp/stale_sessions.hpp"

namespace vigie::ingest {

/// Whom an rtsps:// camera must prove to be. Whether it must is the policy `tls_verify`.
struct tls_settings {
  std::filesystem::path ca_file;  ///< PEM; empty: what this machine trusts
  /// SHA-256 of the one certificate accepted, 64 lower-case hex digits; empty: any that is trusted.
  std::string pinned_sha256;
};

/// One pull of one camera profile.
struct feed_config {
  camera_id camera;
  site_id site;          ///< dials are paced per site
  std::string url;       ///< rtsp:// or rtsps://host[:port]/path, never with credentials
  std::string username;  ///< empty: anonymous
  secret password;
  tls_settings tls{};
  std::string vendor{};  ///< as configured or found out; matched by `quirks`
  /// What we answer to this camera's ways, before `quirks` are laid over it; `transport` is here.
  rtsp::quirk_policies policies{};
  /// Overrides per vendor, server or camera (configs/quirks.toml); null: none.
  std::shared_ptr<const rtsp::quirk_book> quirks{};
  /// Shared by all feeds of a node; null: none.
  std::shared_ptr<rtsp::stale_sessions> stale_sessions{};
  std::shared_ptr<quirk_totals> totals{};
  std::shared_ptr<memory_ledger> memory{};

  /// What one camera may hold, from its socket to the writer: two seconds of 40 Mbit/s, twenty of
  /// an ordinary camera while the disk does not answer. Exceeded by one picture at most.
  std::size_t memory_budget_bytes = 8u << 20;

  /// No complete frame for max(stall_floor, 3 measured frame intervals) is a stall.
  std::chrono::milliseconds stall_floor{1200};
  /// A stalled session is abandoned, and dialled anew, this long after the stall was reported.
  std::chrono::milliseconds stall_patience{3000};
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds response_timeout{4000};
  std::chrono::milliseconds backoff_floor{500};
  std::chrono::milliseconds backoff_ceiling{30'000};
  /// After a refused password: hammering locks accounts (camera-quirk 35).
  std::chrono::minutes rejected_backoff{5};
};

}  // namespace vigie::ingest
