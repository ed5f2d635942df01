// Certificates for trying things out.
#pragma once

#include <spillway/tls/tls_options.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace spillway {

struct SelfSignedOptions {
  std::string common_name = "localhost";
  /// Names and addresses that the certificate is for.
  std::vector<std::string> dns_names = {"localhost"};
  std::vector<std::string> ip_addresses = {"127.0.0.1", "::1"};
  std::chrono::hours valid_for{24 * 365};
};

/// Makes an ECDSA P-256 key and a certificate that it signs itself. Clients do not trust it unless
/// they are given it: for tests and trials. Throws std::invalid_argument for a common name or an
/// address that is none, std::runtime_error if the system has no randomness.
CertificateAndKey make_self_signed(const SelfSignedOptions& options = {});

}  // namespace spillway
