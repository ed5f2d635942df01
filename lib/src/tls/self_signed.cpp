#include "tls/error.hpp"
#include "tls/handles.hpp"

#include <spillway/tls/self_signed.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>

#include <initializer_list>
#include <stdexcept>
#include <string>

namespace spillway {

namespace {

using tls::made;

// Serial numbers have at most 20 octets with the sign (RFC 5280, 4.1.2.2).
constexpr int serial_bits = 159;

// A peer whose clock is a little behind accepts the certificate all the same.
constexpr int seconds_backdated = 3600;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(tls::error_because(what).message);
}

void set_serial(X509* certificate) {
  const tls::NumberPtr number(made(BN_new()));
  require(BN_rand(number.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1,
          "no random serial number");
  require(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr,
          "serial number");
}

void set_validity(X509* certificate, std::chrono::hours valid_for) {
  const auto days = static_cast<int>(valid_for.count() / 24);
  const auto rest = std::chrono::seconds(valid_for % std::chrono::hours(24)).count();
  require(X509_gmtime_adj(X509_getm_notBefore(certificate), -seconds_backdated) != nullptr &&
              X509_time_adj_ex(X509_getm_notAfter(certificate), days, rest, nullptr) != nullptr,
          "validity");
}

void set_names(X509* certificate, const std::string& common_name) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
  constexpr int at_the_end = -1;
  if (X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, text,
                                 static_cast<int>(common_name.size()), at_the_end, 0) != 1) {
    throw std::invalid_argument(tls::error_because("common name").message);
  }
  require(X509_set_issuer_name(certificate, subject) == 1, "issuer");
}

/// Takes the value over, also when it fails.
void add_name(GENERAL_NAMES* names, int type, ASN1_STRING* value) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  if (name != nullptr) GENERAL_NAME_set0_value(name, type, value);
  if (name != nullptr && sk_GENERAL_NAME_push(names, name) > 0) return;
  name != nullptr ? GENERAL_NAME_free(name) : ASN1_STRING_free(value);
  require(false, "alternative name");
}

void add_alternative_names(X509* certificate, const SelfSignedOptions& options) {
  const tls::GeneralNamesPtr names(made(GENERAL_NAMES_new()));
  for (const std::string& dns_name : options.dns_names) {
    ASN1_STRING* text = made(ASN1_STRING_type_new(V_ASN1_IA5STRING));
    add_name(names.get(), GEN_DNS, text);
    require(ASN1_STRING_set(text, dns_name.data(), static_cast<int>(dns_name.size())) == 1,
            "DNS name");
  }
  for (const std::string& ip_address : options.ip_addresses) {
    ASN1_OCTET_STRING* octets = a2i_IPADDRESS(ip_address.c_str());
    if (octets == nullptr) throw std::invalid_argument("not an IP address: " + ip_address);
    add_name(names.get(), GEN_IPADD, octets);
  }
  if (sk_GENERAL_NAME_num(names.get()) == 0) return;
  constexpr int not_critical = 0;
  require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), not_critical,
                            X509V3_ADD_DEFAULT) == 1,
          "alternative names");
}

struct Extension {
  int nid;
  const char* value;
};

// The end of a chain of its own, not an authority: who trusts it trusts this one server.
constexpr std::initializer_list<Extension> extensions = {
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_ext_key_usage, "serverAuth"},
    {NID_subject_key_identifier, "hash"},
};

void add_extensions(X509* certificate) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  for (const Extension& extension : extensions) {
    X509_EXTENSION* made_one =
        X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value);
    const bool added = made_one != nullptr && X509_add_ext(certificate, made_one, -1) == 1;
    X509_EXTENSION_free(made_one);
    require(added, "certificate extension");
  }
}

tls::X509Ptr make_certificate(EVP_PKEY* key, const SelfSignedOptions& options) {
  tls::X509Ptr certificate(made(X509_new()));
  require(X509_set_version(certificate.get(), X509_VERSION_3) == 1, "version");
  set_serial(certificate.get());
  set_validity(certificate.get(), options.valid_for);
  set_names(certificate.get(), options.common_name);
  require(X509_set_pubkey(certificate.get(), key) == 1, "public key");
  add_alternative_names(certificate.get(), options);
  add_extensions(certificate.get());
  require(X509_sign(certificate.get(), key, EVP_sha256()) > 0, "the certificate cannot be signed");
  return certificate;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

CertificateAndKey make_self_signed(const SelfSignedOptions& options) {
  ERR_clear_error();
  const tls::KeyPtr key(EVP_EC_gen("P-256"));
  require(key != nullptr, "no key can be made");
  const tls::X509Ptr certificate = make_certificate(key.get(), options);

  const tls::BioPtr certificate_pem(made(BIO_new(BIO_s_mem())));
  const tls::BioPtr key_pem(made(BIO_new(BIO_s_mem())));
  require(PEM_write_bio_X509(certificate_pem.get(), certificate.get()) == 1, "certificate");
  require(PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                   nullptr) == 1,
          "private key");
  return {text_of(certificate_pem.get()), text_of(key_pem.get())};
}

}  // namespace spillway
