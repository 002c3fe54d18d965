// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/mutator.hpp"
#include "fuzz/target.hpp"

// The short run: corpus and seeds of a target as they are, then a fixed number of seeded
// mutations. No coverage guides it and any compiler builds it; libFuzzer is for the long run.
namespace {

using vigie::fuzz::target;

std::string running_input;
std::string finding_file;

/// Keeps the input that broke something. Only calls that a signal handler may make.
void keep_finding(int signal) {
  const int file = ::creat(finding_file.c_str(), 0600);
  const bool is_kept = file >= 0 &&
                       ::write(file, running_input.data(), running_input.size()) >= 0 &&
                       ::close(file) == 0;
  constexpr char kept[] = "fuzz: the input is kept; fuzz_short --target NAME FILE runs it again: ";
  constexpr char lost[] = "fuzz: the input could not be kept in ";
  const auto say = [](const char* text, std::size_t size) {
    if (::write(STDERR_FILENO, text, size) < 0) ::_exit(2);
  };
  if (is_kept) say(kept, sizeof kept - 1);
  if (!is_kept) say(lost, sizeof lost - 1);
  say(finding_file.data(), finding_file.size());
  say("\n", 1);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

std::vector<std::string> inputs_of(const target& one) {
  auto all = one.seeds();
  const auto folder = std::filesystem::path{VIGIE_FUZZ_CORPUS} / one.name;
  std::vector<std::filesystem::path> files;
  if (std::filesystem::exists(folder))
    for (const auto& entry : std::filesystem::directory_iterator{folder}) files.push_back(entry);
  std::sort(files.begin(), files.end());
  for (const auto& file : files) all.push_back(read_file(file));
  return all;
}

void run(const target& one, std::string bytes) {
  constexpr unsigned seconds = 20;  // an input that takes longer is a finding, on any machine
  running_input = std::move(bytes);
  ::alarm(seconds);
  // On the heap and exactly as long: what reads past it is seen by valgrind and sanitizers.
  const std::vector<std::uint8_t> own(running_input.begin(), running_input.end());
  one.run(own);
  ::alarm(0);
}

void fuzz(const target& one, std::uint64_t runs, std::uint64_t seed) {
  const auto start = std::chrono::steady_clock::now();
  finding_file = "fuzz-finding-" + std::string{one.name};
  const auto inputs = inputs_of(one);
  run(one, {});
  for (const auto& bytes : inputs) run(one, bytes);
  vigie::fuzz::mutator change{seed, inputs, one.words, 8192};
  for (std::uint64_t i = 0; i < runs; ++i) run(one, change.next());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf("%-24.*s %4zu inputs, %llu mutations, %.2f s\n", static_cast<int>(one.name.size()),
              one.name.data(), inputs.size(), static_cast<unsigned long long>(runs), took.count());
  std::fflush(stdout);
}

int usage() {
  std::fprintf(stderr,
               "usage: fuzz_short [--list] [--target NAME] [--runs N] [--seed N] [FILE...]\n"
               "Without FILE: corpus, seeds and N mutations of every target, or of NAME.\n"
               "With FILE: runs those inputs of target NAME.\n");
  return 64;
}

}  // namespace

int main(int count, char** words) {
  std::string wanted;
  std::uint64_t runs = 5000, seed = 1;
  std::vector<std::string> files;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word == "--list") {
      for (const auto& one : vigie::fuzz::targets())
        std::printf("%.*s\n", static_cast<int>(one.name.size()), one.name.data());
      return 0;
    }
    if (!word.starts_with("--")) {
      files.emplace_back(word);
      continue;
    }
    if (i + 1 == count) return usage();
    const char* value = words[++i];
    if (word == "--target")
      wanted = value;
    else if (word == "--runs")
      runs = std::strtoull(value, nullptr, 10);
    else if (word == "--seed")
      seed = std::strtoull(value, nullptr, 10);
    else
      return usage();
  }
  if (!files.empty() && wanted.empty()) return usage();

  struct sigaction action {};
  action.sa_handler = keep_finding;
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM})
    ::sigaction(signal, &action, nullptr);
  const rlimit memory{VIGIE_FUZZ_MEMORY, VIGIE_FUZZ_MEMORY};
  if (VIGIE_FUZZ_MEMORY > 0) ::setrlimit(RLIMIT_AS, &memory);

  int found = 0;
  for (const auto& one : vigie::fuzz::targets()) {
    if (!wanted.empty() && one.name != wanted) continue;
    ++found;
    finding_file = "fuzz-finding-" + std::string{one.name};
    for (const auto& file : files) run(one, read_file(file));
    if (files.empty()) fuzz(one, runs, seed);
  }
  if (found == 0) std::fprintf(stderr, "fuzz: no target is called '%s'\n", wanted.c_str());
  return found == 0 ? 64 : 0;
}
