#include "tls/certificate_info.hpp"

#include "tls/pem.hpp"

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <ctime>
#include <new>

namespace spillway {

namespace tls {

namespace {

// The certificate was parsed: its times are well-formed, and of those that OpenSSL cannot convert
// nothing better is known than that they are not now.
std::chrono::sys_seconds time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
}

}  // namespace

std::string subject_of(const X509* certificate) {
  const BioPtr text(made(BIO_new(BIO_s_mem())));
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

CertificateInfo info_of(const X509* certificate) {
  return {subject_of(certificate), time_of(X509_get0_notAfter(certificate)),
          time_of(X509_get0_notBefore(certificate))};
}

std::string digest_of(const X509* certificate) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), reinterpret_cast<unsigned char*>(digest.data()),
                  &size) != 1) {
    throw std::bad_alloc();
  }
  digest.resize(size);
  return digest;
}

}  // namespace tls

boost::system::result<CertificateInfo, TlsError> read_certificate_info(std::string_view pem) {
  const auto certificates = tls::parse_certificates(pem);
  if (!certificates) return certificates.error();
  return tls::info_of(certificates->front().get());
}

}  // namespace spillway
