// SPDX-License-Identifier: Apache-2.0
#include "app/enabling_watch.hpp"

#include <system_error>

#include "people/proposal_register.hpp"

namespace vigie::app {
namespace {

constexpr std::size_t proposals_read = 10'000;  // decades of decisions that two persons take

}  // namespace

result<std::vector<domain::analysis_enabling>> read_enablings(
    const std::filesystem::path& data_dir) {
  const auto file = data_dir / "people.db";
  std::error_code code;
  if (!std::filesystem::exists(file, code)) return std::vector<domain::analysis_enabling>{};
  auto proposals = people::proposal_register::open(file);
  if (!proposals) return tl::unexpected{proposals.error()};
  const auto decided = proposals->recent(proposals_read);
  if (!decided) return tl::unexpected{decided.error()};
  return domain::enablings_of(*decided);
}

}  // namespace vigie::app
