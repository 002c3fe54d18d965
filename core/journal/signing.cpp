// SPDX-License-Identifier: Apache-2.0
#include "journal/signing.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "base/log.hpp"
#include "journal/digest.hpp"

namespace vigie::journal {
namespace {

struct key_freer {
  void operator()(EVP_PKEY* k) const noexcept { EVP_PKEY_free(k); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, key_freer>;
struct bio_freer {
  void operator()(BIO* b) const noexcept { BIO_free_all(b); }
};
using bio_ptr = std::unique_ptr<BIO, bio_freer>;
struct context_freer {
  void operator()(EVP_MD_CTX* c) const noexcept { EVP_MD_CTX_free(c); }
};
using context_ptr = std::unique_ptr<EVP_MD_CTX, context_freer>;

bio_ptr reading(std::string_view text) {
  return bio_ptr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string{};
}

std::string id_of(EVP_PKEY* key) {
  std::array<std::uint8_t, 32> raw;
  std::size_t size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key, raw.data(), &size) != 1 || size != raw.size()) return {};
  return to_hex(sha256({raw})).substr(0, 16);
}

bool is_made_by(EVP_PKEY* key, std::string_view message, byte_view made) {
  const context_ptr context{EVP_MD_CTX_new()};
  return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), made.data(), made.size(), bytes_of(message).data(),
                          message.size()) == 1;
}

tl::unexpected<error> disk_error(const std::filesystem::path& file, const char* doing) {
  return fail(errc::disk_failed, fmt::format("{} {}: {}", doing, file.string(), strerror(errno)));
}

result<std::string> read_text(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) return fail(errc::not_found, "cannot read " + file.string());
  return std::move(text).str();
}

result<void> write_durably(const std::filesystem::path& file, std::string_view text, int flags,
                           mode_t mode) {
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);
  if (fd < 0) return disk_error(file, "creating");
  bool ok = true;
  while (ok && !text.empty()) {
    const auto done = ::write(fd, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    ok = done > 0;
    if (ok) text.remove_prefix(static_cast<std::size_t>(done));
  }
  ok = ok && ::fsync(fd) == 0;
  const int why = errno;
  ::close(fd);
  errno = why;
  if (!ok) return disk_error(file, "writing");
  return {};
}

void sync_folder_of(const std::filesystem::path& file) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  (void)::fsync(fd);
  ::close(fd);
}

}  // namespace

struct signing_key::pair {
  key_ptr key;
};

signing_key::signing_key(std::unique_ptr<pair> p)
    : pair_{std::move(p)}, id_{id_of(pair_->key.get())} {}
signing_key::signing_key(signing_key&&) noexcept = default;
signing_key& signing_key::operator=(signing_key&&) noexcept = default;
signing_key::~signing_key() = default;

result<signing_key> signing_key::generate() {
  key_ptr key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  if (!key) return fail(errc::internal, "OpenSSL made no Ed25519 key");
  return signing_key{std::make_unique<pair>(pair{std::move(key)})};
}

result<signing_key> signing_key::load_or_create(const std::filesystem::path& secret_file,
                                                const std::filesystem::path& public_file) {
  std::error_code code;
  if (std::filesystem::exists(secret_file, code)) {
    struct stat status {};
    if (::stat(secret_file.c_str(), &status) == 0 && (status.st_mode & 077) != 0) {
      log::warn("{} was readable by others; only its owner may read it", secret_file.string());
      if (::chmod(secret_file.c_str(), 0600) != 0) return disk_error(secret_file, "protecting");
    }
    const auto text = read_text(secret_file);
    if (!text) return tl::unexpected{text.error()};
    const auto bio = reading(*text);
    key_ptr key{PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)};
    if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519)
      return fail(errc::config_invalid, secret_file.string() + " holds no Ed25519 key");
    signing_key found{std::make_unique<pair>(pair{std::move(key)})};
    trusted_keys published;
    const bool is_published = published.add_file(public_file).has_value() &&
                              published.accepts("vigie", found.sign("vigie"));
    if (!is_published)
      if (auto ok = write_durably(public_file, found.public_pem(), O_APPEND, 0644); !ok)
        return tl::unexpected{ok.error()};
    return found;
  }
  auto made = generate();
  if (!made) return made;
  const bio_ptr bio{BIO_new(BIO_s_secmem())};
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), made->pair_->key.get(), nullptr, nullptr, 0,
                                            nullptr, nullptr) != 1)
    return fail(errc::internal, "OpenSSL cannot write the new key");
  auto secret = text_of(bio.get());
  auto temporary = secret_file;
  temporary += ".new";
  std::filesystem::remove(temporary, code);
  auto written = write_durably(temporary, secret, O_EXCL, 0600);
  explicit_bzero(secret.data(), secret.size());
  if (!written) return tl::unexpected{written.error()};
  // The public half first: a key nobody can check must not sign.
  if (auto ok = write_durably(public_file, made->public_pem(), O_APPEND, 0644); !ok)
    return tl::unexpected{ok.error()};
  if (::rename(temporary.c_str(), secret_file.c_str()) != 0)
    return disk_error(secret_file, "placing");
  sync_folder_of(secret_file);
  log::info("made the signing key {}; keep a copy of {} elsewhere", made->id(),
            public_file.string());
  return made;
}

signature signing_key::sign(std::string_view message) const {
  const context_ptr context{EVP_MD_CTX_new()};
  signature made;
  std::size_t size = made.size();
  const bool ok =
      context &&
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, pair_->key.get()) == 1 &&
      EVP_DigestSign(context.get(), made.data(), &size, bytes_of(message).data(), message.size()) ==
          1;
  // Only a process out of memory comes here.
  if (!ok || size != made.size()) throw std::runtime_error{"Ed25519 is not available"};
  return made;
}

std::string signing_key::public_pem() const {
  const bio_ptr bio{BIO_new(BIO_s_mem())};
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), pair_->key.get()) != 1) return {};
  return text_of(bio.get());
}

struct trusted_keys::key {
  key_ptr half;
  std::string id;
};

trusted_keys::trusted_keys() = default;
trusted_keys::trusted_keys(trusted_keys&&) noexcept = default;
trusted_keys& trusted_keys::operator=(trusted_keys&&) noexcept = default;
trusted_keys::~trusted_keys() = default;

result<void> trusted_keys::add_pem(std::string_view pem) {
  const auto before = keys_.size();
  const auto bio = reading(pem);
  while (bio) {
    key_ptr half{PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr)};
    if (!half) break;
    if (EVP_PKEY_get_base_id(half.get()) != EVP_PKEY_ED25519) continue;
    auto id = id_of(half.get());
    keys_.push_back({std::move(half), std::move(id)});
  }
  if (keys_.size() == before) return fail(errc::config_invalid, "no public Ed25519 key in PEM");
  return {};
}

result<void> trusted_keys::add_file(const std::filesystem::path& file) {
  const auto text = read_text(file);
  if (!text) return tl::unexpected{text.error()};
  if (auto added = add_pem(*text); !added)
    return fail(added.error().code, file.string() + ": " + added.error().detail);
  return {};
}

bool trusted_keys::accepts(std::string_view key_id, std::string_view message,
                           byte_view made) const {
  for (const auto& k : keys_)
    if (k.id == key_id && is_made_by(k.half.get(), message, made)) return true;
  return false;
}

bool trusted_keys::accepts(std::string_view message, byte_view made) const {
  for (const auto& k : keys_)
    if (is_made_by(k.half.get(), message, made)) return true;
  return false;
}

}  // namespace vigie::journal
