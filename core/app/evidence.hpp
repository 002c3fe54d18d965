// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analytics/picture_measure.hpp"
#include "base/clock.hpp"
#include "domain/evidence.hpp"
#include "ingest/vitals.hpp"
#include "recording/recording_report.hpp"

// What the media wing proves, in the words of the control wing.
namespace vigie::app {

domain::feed_evidence to_evidence(const ingest::feed_vitals& vitals, const clock& time);
domain::picture_evidence to_evidence(const analytics::picture_measure& measure);
domain::recording_evidence to_evidence(const recording::recording_report& report);

}  // namespace vigie::app
