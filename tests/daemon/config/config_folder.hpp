// A folder in which configurations of a test are written and loaded.
#pragma once

#include "daemon/config/load.hpp"
#include "tests/daemon/config/temporary_folder.hpp"

#include <spillway/tls/self_signed.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

namespace spillway::test {

/// Loads from "spillway.yaml" in a folder of its own, with an environment that holds only what the
/// test put there.
class ConfigFolder {
 public:
  void set(const std::string& variable, const std::string& value) { variables_[variable] = value; }

  /// Writes `name`.crt and `name`.key, and `name`.pem with both.
  void add_certificate(const std::string& name) {
    const CertificateAndKey made = make_self_signed();
    folder_.write(name + ".crt", made.certificate_pem);
    folder_.write(name + ".key", made.key_pem);
    folder_.write(name + ".pem", made.certificate_pem + made.key_pem);
  }

  config::LoadResult load(const std::string& text) {
    folder_.write("spillway.yaml", text);
    return load_file("spillway.yaml");
  }

  config::LoadResult load_file(const std::string& name) {
    config::TlsContexts contexts;
    return config::load(folder_.file(name), contexts, [this](const std::string& variable) {
      const auto found = variables_.find(variable);
      return found == variables_.end() ? std::nullopt : std::optional(found->second);
    });
  }

  /// The configuration; a failure of the test where there are faults.
  config::Config good(const std::string& text) {
    auto result = load(text);
    if (result) return *std::move(result);
    ADD_FAILURE() << told(result);
    return {};
  }

  /// Every fault on a line of its own, without the folder in front of file names.
  [[nodiscard]] std::string told(const config::LoadResult& result) const {
    if (result) return "no fault\n";
    std::string text;
    for (const config::Fault& fault : result.error()) text += to_string(fault) + '\n';
    const std::string prefix = folder_.path().string() + '/';
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
      text.erase(at, prefix.size());
    }
    return text;
  }
  std::string faults(const std::string& text) { return told(load(text)); }

  [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  std::map<std::string, std::string> variables_;
};

}  // namespace spillway::test
