// OpenSSL 3 offers its own way to replace the random source only through providers, per library
// context; the older one reaches every context, and does.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "tests/simulation/identity.hpp"

#include "tests/simulation/random.hpp"
#include "tls/handles.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace spillway::simulation {

namespace {

void check(bool done) {
  if (!done) throw std::logic_error("the identity of the simulated server cannot be made");
}

std::string text_in(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

tls::X509Ptr certificate_for(EVP_PKEY* key) {
  tls::X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -86400);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const std::array<unsigned char, 9> localhost{'l', 'o', 'c', 'a', 'l', 'h', 'o', 's', 't'};
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, localhost.data(), localhost.size(), -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key);
  check(X509_sign(certificate.get(), key, nullptr) > 0);
  return certificate;
}

Random& source() {
  static Random random(0);
  return random;
}

int draw(unsigned char* room, int size) {
  for (int i = 0; i < size; ++i) room[i] = static_cast<unsigned char>(source().below(256));
  return 1;
}

int always() { return 1; }

}  // namespace

CertificateAndKey fixed_identity() {
  std::array<unsigned char, 32> secret{};
  secret.fill(7);
  const tls::KeyPtr key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()));
  check(key != nullptr);
  const tls::X509Ptr certificate = certificate_for(key.get());
  const tls::BioPtr certificate_pem(BIO_new(BIO_s_mem()));
  const tls::BioPtr key_pem(BIO_new(BIO_s_mem()));
  check(PEM_write_bio_X509(certificate_pem.get(), certificate.get()) == 1);
  check(PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
        1);
  return {.certificate_pem = text_in(certificate_pem.get()), .key_pem = text_in(key_pem.get())};
}

void seed_tls(std::uint64_t seed) {
  static const RAND_METHOD method{.seed = nullptr,
                                  .bytes = draw,
                                  .cleanup = nullptr,
                                  .add = nullptr,
                                  .pseudorand = draw,
                                  .status = always};
  source() = Random(seed);
  check(RAND_set_rand_method(&method) == 1);
}

}  // namespace spillway::simulation
