// Certificates, keys and the like, made at test time.
#pragma once

#include <spillway/tls/tls_options.hpp>

#include <string>
#include <string_view>

namespace spillway::testing {

/// ECDSA, made once for all tests.
const CertificateAndKey& localhost_certificate();

/// RSA of `bits` bits, for localhost, made once for each size.
const CertificateAndKey& rsa_certificate(int bits = 2048);

/// A certificate signed by an intermediate, with that intermediate behind it.
struct Hierarchy {
  std::string root_pem;
  std::string intermediate_pem;
  CertificateAndKey server;
};
Hierarchy make_hierarchy();

/// The same certificate or key in another form.
std::string der_of_certificate(std::string_view certificate_pem);
std::string der_of_key(std::string_view key_pem);
std::string encrypted_key(std::string_view key_pem);
std::string traditional_key(std::string_view key_pem);
std::string public_key(std::string_view key_pem);
std::string certificate_request(std::string_view key_pem);

/// A certificate whose time is over.
CertificateAndKey expired_certificate();

}  // namespace spillway::testing
