#include <spillway/tls/tls_options.hpp>

#include <openssl/crypto.h>

namespace spillway {

namespace {

// What it was once longer by, too.
void wipe(std::string& text) {
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
}

}  // namespace

CertificateAndKey::~CertificateAndKey() {
  wipe(certificate_pem);
  wipe(key_pem);
}

}  // namespace spillway
