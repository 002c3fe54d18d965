// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <string>

#include "support/notifier_rig.hpp"
#include "support/temporary_folder.hpp"

namespace vigie::test {

/// Certificates made by openssl when first asked for: an authority, a server (127.0.0.1,
/// recipient.test), a client of ours, and a stranger's client and authority.
class certificates {
 public:
  certificates();
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  std::string text(const std::string& name) const;

 private:
  temporary_folder folder_;
};
const certificates& test_certificates();

/// `vigie-sim recipients` as a child process, ready when the constructor returns. Ports: CAP 26001,
/// webhook 26002, mail 26003, control 26000.
class recipients_process {
 public:
  /// `smtp_tls`: "starttls", "implicit" or "none". The relay wants user "vigie", "mot-de-passe".
  explicit recipients_process(const std::string& smtp_tls = "starttls");
  ~recipients_process();
  recipients_process(const recipients_process&) = delete;
  recipients_process& operator=(const recipients_process&) = delete;

  void behave(const std::string& recipient, const std::string& behaviour, unsigned times = 0,
              unsigned delay_ms = 500) const;
  nlohmann::json ledger() const;
  /// The ledger's entry of that recipient when it took exactly one key; throws otherwise.
  nlohmann::json only_taken(const std::string& recipient) const;

 private:
  nlohmann::json ask(const std::string& arguments) const;
  temporary_folder folder_;
  pid_t pid_ = -1;
};

/// Configurations of the plugins for it; recipient id "corg-95", deadline 1500 ms.
nlohmann::json cap_config();
nlohmann::json webhook_config();
nlohmann::json smtp_config(const std::string& scheme = "smtp");

}  // namespace vigie::test
