// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <string>

#include "base/log.hpp"
#include "journal/access_journal.hpp"
#include "journal/audit.hpp"
#include "journal/proof.hpp"
#include "support/journal_mutations.hpp"

// Builds a journal that was written, sealed and pruned, harms it thousands of times in ways of
// `journal_forger`, and audits each time. Then writes durable entries beside the disk's own fsync.
namespace {

using namespace vigie;
using namespace vigie::journal;
namespace fs = std::filesystem;
using std::chrono::steady_clock;

template <class T>
T must(result<T> value) {
  if (!value) throw std::runtime_error{to_string(value.error())};
  return *std::move(value);
}
void must(const result<void>& done) {
  if (!done) throw std::runtime_error{to_string(done.error())};
}

access_entry entry(utc_us at, int n) {
  access_entry e;
  e.at = at;
  e.author = "operator-" + std::to_string(n % 7);
  e.authority = commune_id{"95018"};
  e.camera = camera_id{"cam-" + std::to_string(n % 24)};
  e.purpose = domain::purpose::persons_and_property_safety;
  e.reason = "appel au 17, n\xc2\xb0" + std::to_string(n);
  return e;
}

struct outcome {
  int found = 0;
  int located = 0;
  bool prune_verifies = false;
  std::size_t proof_bytes_max = 0;
};

trusted_keys keys_of(const fs::path& folder) {
  trusted_keys keys;
  must(keys.add_file(folder / "journal.pub"));
  return keys;
}

/// 200 entries in batches of 32; the first 40 are pruned, the last 20 or so wait for their seal.
void write_journal(const fs::path& folder) {
  manual_clock time;
  auto journal = must(access_journal::open(folder / "journal.db", {&time, 32}));
  int n = 0;
  const auto write = [&](int count) {
    for (int i = 0; i < count; ++i) {
      time.advance(std::chrono::seconds{1});
      must(journal.append(entry(time.utc(), n++)));
    }
    must(journal.maintain());
  };
  write(40);
  time.advance(std::chrono::hours{24 * 366 * 3});
  write(180);
}

outcome run_mutations(const fs::path& folder, int count, std::uint64_t seed) {
  write_journal(folder);
  const auto keys = keys_of(folder);
  outcome o;
  {
    auto db = must(open_for_audit(folder / "journal.db"));
    const auto v = must(audit(db, keys));
    o.prune_verifies = v.is_ok() && v.pruned_to > 0;
    for (auto s = v.pruned_to + 1; s <= v.sealed_to; ++s)
      o.proof_bytes_max = std::max(o.proof_bytes_max, must(prove(db, s)).size());
  }
  auto db = must(storage::database::open(folder / "journal.db", storage::durability::normal));
  test::journal_forger forger{db, seed};
  std::map<std::string, std::array<int, 3>> by_kind;
  for (int i = 0; i < count; ++i) {
    must(db.exec("SAVEPOINT mutation"));
    const auto done = forger.mutate(static_cast<std::size_t>(i) % test::journal_forger::kinds);
    const auto v = must(audit(db, keys));
    auto& row = by_kind[done.kind];
    ++row[0];
    if (!v.is_ok()) {
      ++o.found;
      ++row[1];
      const auto& f = v.findings.front();
      const bool is_located = done.entry != 0 ? f.first == done.entry : f.anchor == done.anchor;
      o.located += is_located ? 1 : 0;
      row[2] += is_located ? 1 : 0;
    }
    must(db.exec("ROLLBACK TO mutation; RELEASE mutation"));
  }
  fmt::print("{:<52} {:>6} {:>6} {:>8}\n", "mutation", "tried", "found", "located");
  for (const auto& [kind, row] : by_kind)
    fmt::print("{:<52} {:>6} {:>6} {:>8}\n", kind, row[0], row[1], row[2]);
  return o;
}

/// Largest proof where batches have the size a centre uses and texts the length people write.
std::size_t largest_proof(const fs::path& folder) {
  auto journal = must(access_journal::open(folder / "journal.db"));
  for (int i = 0; i < 256; ++i) {
    auto e = entry(1'700'000'000'000'000 + i, i);
    e.at = system_clock{}.utc();
    e.reason += std::string(static_cast<std::size_t>(i) * 4, 'x');
    must(journal.append(e));
  }
  must(journal.maintain());
  auto db = must(open_for_audit(folder / "journal.db"));
  std::size_t largest = 0;
  for (int s = 1; s <= 256; ++s) largest = std::max(largest, must(prove(db, s)).size());
  return largest;
}

double entries_per_s(const fs::path& folder, std::chrono::seconds span) {
  auto journal = must(access_journal::open(folder / "journal.db"));
  const auto begun = steady_clock::now();
  int n = 0;
  while (steady_clock::now() - begun < span) must(journal.append(entry(system_clock{}.utc(), n++)));
  return n / std::chrono::duration<double>(steady_clock::now() - begun).count();
}

/// What one writer gets from the disk: 4 KiB appended and synced, again and again.
double fsyncs_per_s(const fs::path& folder, std::chrono::seconds span) {
  const int fd =
      ::open((folder / "fsync").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) throw std::runtime_error{"cannot write in " + folder.string()};
  const std::array<char, 4096> page{};
  const auto begun = steady_clock::now();
  int n = 0;
  for (; steady_clock::now() - begun < span; ++n)
    if (::write(fd, page.data(), page.size()) < 0 || ::fsync(fd) != 0)
      throw std::runtime_error{"cannot write in " + folder.string()};
  ::close(fd);
  return n / std::chrono::duration<double>(steady_clock::now() - begun).count();
}

fs::path fresh(const fs::path& base, const char* name) {
  fs::create_directories(base / name);
  return base / name;
}

/// Leaves the journal of `write_journal` in `folder`; harmed once when `kind` is not negative.
int write_one(const fs::path& folder, int kind, std::uint64_t seed) {
  fs::create_directories(folder);
  write_journal(folder);
  if (kind < 0) return 0;
  auto db = must(storage::database::open(folder / "journal.db", storage::durability::normal));
  const auto done = test::journal_forger{db, seed}.mutate(static_cast<std::size_t>(kind));
  fmt::print("{}\n", done.kind);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli{"Harms a journal and looks whether it shows; measures durable entries."};
  int mutations = 10'000;
  int seconds = 3;
  int kind = -1;
  std::uint64_t seed = 1;
  std::string folder;
  std::string one;
  cli.add_option("--mutations", mutations);
  cli.add_option("--seed", seed);
  cli.add_option("--seconds", seconds, "for each rate");
  cli.add_option("--folder", folder, "an empty folder on the disk to measure");
  cli.add_option("--write", one, "only leave one journal in this folder");
  cli.add_option("--kind", kind, "with --write: harmed in this way");
  CLI11_PARSE(cli, argc, argv);
  try {
    log::start(log::level::error);
    if (!one.empty()) return write_one(one, kind, seed);
    const fs::path base = folder;
    auto o = run_mutations(fresh(base, "mutations"), mutations, seed);
    o.proof_bytes_max = std::max(o.proof_bytes_max, largest_proof(fresh(base, "proofs")));
    const std::chrono::seconds span{seconds};
    const auto syncs = fsyncs_per_s(fresh(base, "rates"), span);
    const auto entries = entries_per_s(base / "rates", span);
    fmt::print(
        "{{\"mutations\":{},\"seed\":{},\"found\":{},\"located\":{},\"prune_verifies\":{},"
        "\"entries_per_s\":{:.0f},\"fsyncs_per_s\":{:.0f},\"proof_bytes_max\":{}}}\n",
        mutations, seed, o.found, o.located, o.prune_verifies, entries, syncs, o.proof_bytes_max);
    return o.found == mutations && o.located == mutations && o.prune_verifies &&
                   o.proof_bytes_max <= longest_proof
               ? 0
               : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "vigie-journal-bench: %s\n", e.what());
    return 1;
  }
}
