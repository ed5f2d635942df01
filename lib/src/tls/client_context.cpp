#include "tls/alpn.hpp"
#include "tls/context.hpp"
#include "tls/error.hpp"
#include "tls/pem.hpp"

#include <openssl/err.h>

namespace spillway {

namespace {

using Done = boost::system::result<void, TlsError>;

Done trust(SSL_CTX* context, const std::string& trusted_pem) {
  if (trusted_pem.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) == 1) return {};
    return tls::error_because("the system's trusted certificates cannot be used");
  }
  const auto certificates = tls::parse_certificates(trusted_pem);
  if (!certificates) return TlsError{"trusted certificates: " + certificates.error().message};
  X509_STORE* store = SSL_CTX_get_cert_store(context);
  for (const tls::X509Ptr& certificate : *certificates) {
    if (X509_STORE_add_cert(store, certificate.get()) != 1) {
      return tls::error_because("a trusted certificate is refused");
    }
  }
  // Who lists an intermediate or a server's own certificate means to trust it without its root.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  return {};
}

// A host name may be written with the dot of the root; neither SNI nor certificates have it.
std::string without_root(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return name;
}

// False if `name` is no IP address. One that is never goes into SNI (RFC 6066, 3).
bool expect_address(SSL* ssl, const std::string& name) {
  return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1;
}

bool expect_name(SSL* ssl, const std::string& name) {
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set1_host(ssl, name.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
}

}  // namespace

boost::system::result<TlsClientContext, TlsError> TlsClientContext::create(
    const TlsClientOptions& options) {
  auto context = tls::make_context(TLS_client_method(), options.min_version, options.max_version);
  if (!context) return context.error();
  SSL_CTX* raw = context->get();
  if (!options.insecure_skip_verify) {
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
    if (auto done = trust(raw, options.trusted_pem); !done) return done.error();
  }
  if (auto done = tls::offer_alpn(raw, options.alpn); !done) return done.error();
  return TlsClientContext(std::make_shared<const Impl>(std::move(*context)));
}

boost::system::result<tls::SslPtr, TlsError> TlsClientContext::Impl::make_ssl(
    const std::string& server_name) const {
  // OpenSSL takes C strings: a name must not become another one at a zero byte.
  if (server_name.find('\0') != std::string::npos)
    return TlsError{"the server name has a zero byte"};
  const std::string name = without_root(server_name);
  const bool verifies = SSL_CTX_get_verify_mode(context_.get()) != SSL_VERIFY_NONE;
  if (name.empty() && verifies) {
    return TlsError{"no server name: the certificate cannot be verified without one"};
  }
  ERR_clear_error();
  tls::SslPtr ssl(tls::made(SSL_new(context_.get())));
  SSL_set_connect_state(ssl.get());
  if (name.empty() || expect_address(ssl.get(), name)) return ssl;
  if (!expect_name(ssl.get(), name)) {
    return tls::error_because("server name \"" + name + "\" is refused");
  }
  return ssl;
}

}  // namespace spillway
