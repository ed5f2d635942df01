// What a context is inside.
#pragma once

#include "tls/handles.hpp"

#include <spillway/tls/tls_context.hpp>

#include <string>
#include <utility>
#include <vector>

namespace spillway {

namespace tls {

/// The number that OpenSSL has for `version`.
int protocol_number(TlsVersion version);

/// What both sides set: versions, and what is never wanted.
boost::system::result<SslContextPtr, TlsError> make_context(const SSL_METHOD* method,
                                                            TlsVersion min_version,
                                                            TlsVersion max_version);

}  // namespace tls

class TlsServerContext::Impl {
 public:
  Impl(tls::SslContextPtr context, std::vector<CertificateInfo> certificates, std::string shown)
      : context_(std::move(context)),
        certificates_(std::move(certificates)),
        shown_(std::move(shown)) {}

  /// An SSL object that is about to accept.
  [[nodiscard]] tls::SslPtr make_ssl() const;
  [[nodiscard]] const std::vector<CertificateInfo>& certificates() const { return certificates_; }
  /// The digests of all certificates that clients may be sent, in order.
  [[nodiscard]] const std::string& shown() const { return shown_; }

 private:
  tls::SslContextPtr context_;
  std::vector<CertificateInfo> certificates_;
  std::string shown_;
};

class TlsClientContext::Impl {
 public:
  explicit Impl(tls::SslContextPtr context) : context_(std::move(context)) {}

  /// An SSL object that is about to connect to `server_name`: asks for it, and accepts no other's
  /// certificate.
  [[nodiscard]] boost::system::result<tls::SslPtr, TlsError> make_ssl(
      const std::string& server_name) const;

 private:
  tls::SslContextPtr context_;
};

}  // namespace spillway
