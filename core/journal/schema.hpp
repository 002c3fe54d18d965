// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "journal/signing.hpp"
#include "storage/database.hpp"

namespace vigie::journal {

/// Brings a journal's file to the present schema. Entries from before the chain are chained and
/// signed in one transaction, in their order, marked `entry_origin::imported`. A new file gets a
/// signed head. Errors: those of `storage::migrate`. [startup]
result<void> prepare_schema(storage::database& db, const signing_key& key);

}  // namespace vigie::journal
