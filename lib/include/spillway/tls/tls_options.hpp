// What a TLS context is made from.
#pragma once

#include <string>
#include <vector>

namespace spillway {

enum class TlsVersion { tls_1_2, tls_1_3 };

/// PEM text: a certificate with its chain (leaf first) and its private key. Both may be the text of
/// one file. A key has no business in memory that is given back: what this owns at its end is
/// wiped, and so is each copy at its own.
struct CertificateAndKey {
  std::string certificate_pem = {};
  std::string key_pem = {};
  ~CertificateAndKey();
};

struct TlsServerOptions {
  /// At least one. With several, the first is the default; one per key type may be given.
  std::vector<CertificateAndKey> certificates = {};
  TlsVersion min_version = TlsVersion::tls_1_2;
  TlsVersion max_version = TlsVersion::tls_1_3;
  /// Session tickets (TLS 1.3: sent after the handshake) let clients resume.
  bool session_tickets = true;
  /// Protocols to choose from, in order of preference. Empty = no ALPN.
  std::vector<std::string> alpn = {};
};

struct TlsClientOptions {
  /// PEM text of the certificates to trust. Empty = the system's store.
  std::string trusted_pem = {};
  /// The server's certificate is verified unless this is spelled out.
  bool insecure_skip_verify = false;
  TlsVersion min_version = TlsVersion::tls_1_2;
  TlsVersion max_version = TlsVersion::tls_1_3;
  /// Protocols to offer. Empty = no ALPN.
  std::vector<std::string> alpn = {};
};

}  // namespace spillway
