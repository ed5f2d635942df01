#include "tls/session.hpp"

#include "tls/handles.hpp"

#include <string>

namespace spillway::tls {

namespace {

std::string subject_of(const X509* certificate) {
  const BioPtr text(made(BIO_new(BIO_s_mem())));
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

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
