#include "material.hpp"

#include "tls/handles.hpp"
#include "tls/pem.hpp"

#include <spillway/tls/self_signed.hpp>

#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <map>
#include <span>
#include <stdexcept>

namespace spillway::testing {

namespace {

using tls::BioPtr;
using tls::KeyPtr;
using tls::X509Ptr;

struct Wanted {
  std::string name;
  const char* constraints = "CA:FALSE";
  long seconds = 3600;
};

void check(bool done) {
  if (!done) throw std::logic_error("test material cannot be made");
}

template <class Write>
std::string written(Write write) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  check(write(bio.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  return written([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::string pem_of(EVP_PKEY* key) {
  return written([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  check(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

// Signed by itself if there is no issuer.
X509Ptr issue(const Wanted& wanted, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  static long serial = 1;
  X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * 86400);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wanted.seconds);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wanted.name.c_str()), -1, -1,
                             0);
  X509* signer = issuer != nullptr ? issuer : certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  X509_set_pubkey(certificate.get(), key);
  add_extension(certificate.get(), signer, NID_basic_constraints, wanted.constraints);
  add_extension(certificate.get(), signer, NID_subject_alt_name, "DNS:localhost");
  check(X509_sign(certificate.get(), issuer_key, EVP_sha256()) > 0);
  return certificate;
}

}  // namespace

const CertificateAndKey& localhost_certificate() {
  static const CertificateAndKey made = make_self_signed();
  return made;
}

const CertificateAndKey& rsa_certificate(int bits) {
  static std::map<int, CertificateAndKey> made;
  auto [place, fresh] = made.try_emplace(bits);
  if (fresh) {
    const KeyPtr key(EVP_RSA_gen(static_cast<unsigned int>(bits)));
    const X509Ptr certificate = issue({.name = "rsa"}, key.get(), nullptr, key.get());
    place->second = {.certificate_pem = pem_of(certificate.get()), .key_pem = pem_of(key.get())};
  }
  return place->second;
}

Hierarchy make_hierarchy() {
  const KeyPtr root_key(EVP_EC_gen("P-256"));
  const KeyPtr middle_key(EVP_EC_gen("P-256"));
  const KeyPtr leaf_key(EVP_EC_gen("P-256"));
  const Wanted authority{.name = "root", .constraints = "critical,CA:TRUE"};
  const Wanted intermediate{.name = "intermediate", .constraints = "critical,CA:TRUE"};
  const X509Ptr root = issue(authority, root_key.get(), nullptr, root_key.get());
  const X509Ptr middle = issue(intermediate, middle_key.get(), root.get(), root_key.get());
  const X509Ptr leaf = issue({.name = "leaf"}, leaf_key.get(), middle.get(), middle_key.get());
  const std::string middle_pem = pem_of(middle.get());
  return {.root_pem = pem_of(root.get()),
          .intermediate_pem = middle_pem,
          .server = {.certificate_pem = pem_of(leaf.get()) + middle_pem,
                     .key_pem = pem_of(leaf_key.get())}};
}

CertificateAndKey expired_certificate() {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const X509Ptr certificate =
      issue({.name = "expired", .seconds = -86400}, key.get(), nullptr, key.get());
  return {.certificate_pem = pem_of(certificate.get()), .key_pem = pem_of(key.get())};
}

std::string der_of_certificate(std::string_view certificate_pem) {
  const auto certificates = tls::parse_certificates(certificate_pem).value();
  return written([&](BIO* bio) { return i2d_X509_bio(bio, certificates.front().get()); });
}

std::string der_of_key(std::string_view key_pem) {
  const KeyPtr key = tls::parse_private_key(key_pem).value();
  return written([&](BIO* bio) { return i2d_PrivateKey_bio(bio, key.get()); });
}

std::string encrypted_key(std::string_view key_pem) {
  const KeyPtr key = tls::parse_private_key(key_pem).value();
  return written([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), EVP_aes_256_cbc(), "secret", 6, nullptr,
                                         nullptr);
  });
}

std::string traditional_key(std::string_view key_pem) {
  const KeyPtr key = tls::parse_private_key(key_pem).value();
  return written([&](BIO* bio) {
    return PEM_write_bio_PrivateKey_traditional(bio, key.get(), nullptr, nullptr, 0, nullptr,
                                                nullptr);
  });
}

std::string public_key(std::string_view key_pem) {
  const KeyPtr key = tls::parse_private_key(key_pem).value();
  return written([&](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key.get()); });
}

std::string certificate_request(std::string_view key_pem) {
  const KeyPtr key = tls::parse_private_key(key_pem).value();
  const std::unique_ptr<X509_REQ, tls::Freed<X509_REQ_free>> request(X509_REQ_new());
  X509_REQ_set_pubkey(request.get(), key.get());
  check(X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0);
  return written([&](BIO* bio) { return PEM_write_bio_X509_REQ(bio, request.get()); });
}

}  // namespace spillway::testing
