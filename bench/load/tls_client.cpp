#include "bench/load/tls_client.hpp"

#include "bench/load/failure.hpp"
#include "bench/load/tls_channel.hpp"

namespace load {

namespace {

void require(bool success, const char* what) {
  if (!success) throw Failure(std::string(what) + ": " + openssl_error());
}

int on_ticket(SSL* ssl, SSL_SESSION* ticket) {
  static_cast<TlsChannel*>(SSL_get_app_data(ssl))->on_ticket(SessionPtr(ticket));
  return 1;  // the ticket is ours
}

SslContextPtr context() {
  SslContextPtr result(SSL_CTX_new(TLS_client_method()));
  require(result != nullptr, "SSL_CTX_new");
  SSL_CTX* context = result.get();
  require(SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1, "TLS 1.3");
  require(SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256") == 1, "AES-128-GCM");
  require(SSL_CTX_set1_groups_list(context, "X25519") == 1, "X25519");
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, on_ticket);
  return result;
}

}  // namespace

TlsClient::TlsClient() : context_(context()), bio_method_(TlsChannel::make_bio_method()) {
  require(bio_method_ != nullptr, "BIO_meth_new");
}

SslPtr TlsClient::connection() const {
  SslPtr result(SSL_new(context_.get()));
  require(result != nullptr, "SSL_new");
  SSL_set_connect_state(result.get());
  return result;
}

}  // namespace load
