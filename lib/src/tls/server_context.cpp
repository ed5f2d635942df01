#include "tls/alpn.hpp"
#include "tls/certificate_info.hpp"
#include "tls/client_hello.hpp"
#include "tls/context.hpp"
#include "tls/error.hpp"
#include "tls/pem.hpp"

#include <openssl/err.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway {

namespace {

using Done = boost::system::result<void, TlsError>;

// OpenSSL's own choice, but only with forward secrecy. The client's order decides among them: it
// knows whether its hardware likes AES or ChaCha20 better.
constexpr const char* tls_1_2_ciphers = "DEFAULT:!kRSA:!kDHE:!PSK:!SRP";

// Needed for resumption as soon as a client shows a certificate (SSL_CTX_set_session_id_context).
constexpr std::string_view session_context = "spillway";

TlsError about(TlsError::Subject subject, TlsError error) {
  error.subject = subject;
  return error;
}

/// What clients are shown.
struct Shown {
  std::vector<CertificateInfo> certificates;
  std::string digests;
};

Done use(SSL_CTX* context, const CertificateAndKey& pem, Shown& shown) {
  auto certificates = tls::parse_certificates(pem.certificate_pem);
  if (!certificates) return about(TlsError::Subject::certificate, certificates.error());
  auto key = tls::parse_private_key(pem.key_pem);
  if (!key) return about(TlsError::Subject::key, key.error());

  for (const tls::X509Ptr& each : *certificates) shown.digests += tls::digest_of(each.get());
  const tls::X509Ptr& leaf = certificates->front();
  shown.certificates.push_back(tls::info_of(leaf.get()));
  if (X509_check_private_key(leaf.get(), key->get()) != 1) {
    ERR_clear_error();
    return TlsError{
        "the private key does not match the certificate: with a chain, the server's own "
        "certificate comes first",
        TlsError::Subject::key};
  }
  // None if there is nothing in it: each connection would have a copy.
  const tls::ChainPtr chain(certificates->size() > 1 ? tls::made(sk_X509_new_null()) : nullptr);
  for (auto link = certificates->begin() + 1; link != certificates->end(); ++link) {
    if (sk_X509_push(chain.get(), link->get()) == 0) throw std::bad_alloc();
    link->release();
  }
  constexpr int keep_earlier = 0;
  if (SSL_CTX_use_cert_and_key(context, leaf.get(), key->get(), chain.get(), keep_earlier) == 1) {
    return {};
  }
  if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_NOT_REPLACING_CERTIFICATE) {
    ERR_clear_error();
    return TlsError{"an earlier certificate has the same type of key: give one per type",
                    TlsError::Subject::certificate};
  }
  return about(TlsError::Subject::certificate, tls::error_because("the certificate is refused"));
}

Done use_all(SSL_CTX* context, const std::vector<CertificateAndKey>& certificates, Shown& shown) {
  if (certificates.empty()) return TlsError{"no certificate: a TLS server needs at least one"};
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    if (auto used = use(context, certificates[i], shown); !used) {
      if (certificates.size() == 1) return used;
      return TlsError{"certificate " + std::to_string(i + 1) + ": " + used.error().message,
                      used.error().subject};
    }
  }
  return {};
}

// What a full handshake of TLS 1.3 ends with; a resumed one ends with one in any case. See
// decision 12.
constexpr std::size_t tickets_per_handshake = 1;

Done set_up_resumption(SSL_CTX* context, bool session_tickets) {
  // Without tickets the option alone makes TLS 1.3 send some of another kind, which want a cache.
  if (!session_tickets) SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, session_tickets ? tickets_per_handshake : 0);
  const auto* id = reinterpret_cast<const unsigned char*>(session_context.data());
  if (SSL_CTX_set_session_id_context(context, id, session_context.size()) != 1) {
    return tls::error_because("session resumption");
  }
  return {};
}

}  // namespace

boost::system::result<TlsServerContext, TlsError> TlsServerContext::create(
    const TlsServerOptions& options) {
  auto context = tls::make_context(TLS_server_method(), options.min_version, options.max_version);
  if (!context) return context.error();
  SSL_CTX* raw = context->get();
  if (SSL_CTX_set_cipher_list(raw, tls_1_2_ciphers) != 1) {
    return tls::error_because("the list of ciphers is refused");
  }
  // What is given is what is sent. OpenSSL would look for issuers of a certificate without chain.
  SSL_CTX_set_mode(raw, SSL_MODE_NO_AUTO_CHAIN);
  Shown shown;
  if (auto done = use_all(raw, options.certificates, shown); !done) return done.error();
  if (auto done = set_up_resumption(raw, options.session_tickets); !done) return done.error();
  if (auto done = tls::choose_alpn(raw, options.alpn); !done) return done.error();
  tls::note_server_names(raw);
  return TlsServerContext(std::make_shared<const Impl>(
      std::move(*context), std::move(shown.certificates), std::move(shown.digests)));
}

const std::vector<CertificateInfo>& TlsServerContext::certificates() const {
  return impl_->certificates();
}

bool TlsServerContext::has_certificates_of(const TlsServerContext& other) const {
  return impl_->shown() == other.impl_->shown();
}

tls::SslPtr TlsServerContext::Impl::make_ssl() const {
  tls::SslPtr ssl(tls::made(SSL_new(context_.get())));
  SSL_set_accept_state(ssl.get());
  return ssl;
}

}  // namespace spillway
