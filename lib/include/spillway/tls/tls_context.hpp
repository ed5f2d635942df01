// Everything about TLS that many connections share.
#pragma once

#include <spillway/tls/tls_error.hpp>
#include <spillway/tls/tls_options.hpp>

#include <boost/system/result.hpp>

#include <memory>

namespace spillway {

/// Certificates, key and settings of a server, checked once and immutable. A value that shares its
/// contents: copies are cheap and keep them alive. Thread-safe to copy and use.
class TlsServerContext {
 public:
  /// Errors: a certificate or key that does not parse, a key that does not match its certificate,
  /// an encrypted key (there is nobody to ask), settings that OpenSSL refuses.
  static boost::system::result<TlsServerContext, TlsError> create(const TlsServerOptions& options);

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
