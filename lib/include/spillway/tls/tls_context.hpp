// Everything about TLS that many connections share.
#pragma once

#include <spillway/tls/certificate_info.hpp>
#include <spillway/tls/tls_error.hpp>
#include <spillway/tls/tls_options.hpp>

#include <boost/system/result.hpp>

#include <memory>
#include <vector>

namespace spillway {

/// Certificates, key and settings of a server, checked once and immutable. A value that shares its
/// contents: copies are cheap and keep them alive. Thread-safe to copy and use.
class TlsServerContext {
 public:
  /// Errors: a certificate or key that does not parse, a key that does not match its certificate,
  /// an encrypted key (there is nobody to ask), settings that OpenSSL refuses.
  static boost::system::result<TlsServerContext, TlsError> create(const TlsServerOptions& options);

  /// The servers' own, in the order of the options; without their chains.
  [[nodiscard]] const std::vector<CertificateInfo>& certificates() const;
  /// Whether both show the same certificates, chains included: then their keys are the same too.
  /// Says nothing of other settings.
  [[nodiscard]] bool has_certificates_of(const TlsServerContext& other) const;

  class Impl;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  explicit TlsServerContext(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

/// The same for clients.
class TlsClientContext {
 public:
  static boost::system::result<TlsClientContext, TlsError> create(const TlsClientOptions& options);

  class Impl;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  explicit TlsClientContext(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

}  // namespace spillway
