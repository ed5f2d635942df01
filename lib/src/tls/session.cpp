#include "tls/session.hpp"

#include "tls/certificate_info.hpp"

#include <string>

namespace spillway::tls {

TlsSession read_session(const SSL* ssl) {
  TlsSession session;
  // Before there is a cipher, OpenSSL answers with the version that it would like.
  if (const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl)) {
    session.version = SSL_get_version(ssl);
    session.cipher = SSL_CIPHER_get_name(cipher);
    session.resumed = SSL_session_reused(ssl) == 1;
  }
  const unsigned char* alpn = nullptr;
  unsigned int alpn_size = 0;
  SSL_get0_alpn_selected(ssl, &alpn, &alpn_size);
  session.alpn.assign(alpn, alpn + alpn_size);
  if (const X509* peer = SSL_get0_peer_certificate(ssl)) session.peer_subject = subject_of(peer);
  return session;
}

}  // namespace spillway::tls
