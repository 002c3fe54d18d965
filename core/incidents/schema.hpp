// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "storage/migrations.hpp"

namespace vigie::incidents {

/// The history of the incident store's schema.
std::span<const storage::migration> schema() noexcept;

}  // namespace vigie::incidents
