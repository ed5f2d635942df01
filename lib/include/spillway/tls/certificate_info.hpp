// What a certificate says of itself.
#pragma once

#include <spillway/tls/tls_error.hpp>

#include <boost/system/result.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace spillway {

/// Times are whole seconds: "without an end" is the year 9999 (RFC 5280), which a finer clock does
/// not reach.
struct CertificateInfo {
  /// As OpenSSL writes it on one line (RFC 2253), such as "CN=feed.example.com".
  std::string subject;
  /// When it ceases to be valid.
  std::chrono::sys_seconds not_after;
  /// When it begins to be.
  std::chrono::sys_seconds not_before;

  bool operator==(const CertificateInfo&) const = default;
};

/// Of the first certificate of a PEM text, whether or not a key or a chain goes with it.
boost::system::result<CertificateInfo, TlsError> read_certificate_info(std::string_view pem);

}  // namespace spillway
