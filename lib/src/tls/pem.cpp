#include "tls/pem.hpp"

#include "tls/error.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <string>

namespace spillway::tls {

namespace {

// More than any store of certificates has, and within what OpenSSL can count.
constexpr std::size_t longest_text = 64 * 1024 * 1024;

BioPtr reader_of(std::string_view text) {
  return BioPtr(made(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))));
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// A sequence of ASN.1 with its length: either long, as text never says it, or exactly right.
bool is_der(std::string_view text) {
  if (text.size() < 2 || text[0] != '\x30') return false;
  const auto length = static_cast<unsigned char>(text[1]);
  return length > 0x80 || text.size() == 2u + length;
}

// "EC PRIVATE KEY" of the first "-----BEGIN EC PRIVATE KEY-----"; empty if there is none.
std::string_view first_label(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN ";
  const std::size_t start = text.find(begin);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + begin.size());
  return text.substr(0, text.find("-----"));
}

// What the text is instead of what was looked for, and what to do about it.
std::string found_instead(std::string_view text, std::string_view wanted_label,
                          std::string_view der_command) {
  if (is_blank(text)) return ": the text is empty";
  if (is_der(text)) {
    return ": the file is DER, not PEM; convert it with \"" + std::string(der_command) + "\"";
  }
  const std::string_view label = first_label(text);
  if (label.ends_with("PRIVATE KEY"))
    return ", but a private key: are certificate and key swapped?";
  if (label.ends_with("CERTIFICATE"))
    return ", but a certificate: are certificate and key swapped?";
  if (label.ends_with("PUBLIC KEY")) return ", but a public key: the private one is needed";
  if (label.ends_with("CERTIFICATE REQUEST")) {
    return ", but a certificate request: it has to be signed first";
  }
  return ": a line \"-----BEGIN " + std::string(wanted_label) + "-----\" is missing";
}

// The user pointer tells the caller that OpenSSL wanted a password.
int refuse_password(char*, int, int, void* asked) noexcept {
  *static_cast<bool*>(asked) = true;
  return -1;
}

bool ran_out_of_pem() {
  const unsigned long code = ERR_peek_last_error();
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

}  // namespace

boost::system::result<std::vector<X509Ptr>, TlsError> parse_certificates(std::string_view pem) {
  if (pem.size() > longest_text) return TlsError{"no certificate found: the text is too long"};
  ERR_clear_error();
  const BioPtr reader = reader_of(pem);
  std::vector<X509Ptr> certificates;
  bool asked = false;
  while (X509* next = PEM_read_bio_X509(reader.get(), nullptr, refuse_password, &asked)) {
    certificates.emplace_back(next);
  }
  if (!ran_out_of_pem()) {
    return error_because("certificate " + std::to_string(certificates.size() + 1) +
                         " of the text is damaged");
  }
  ERR_clear_error();
  if (certificates.empty()) {
    return TlsError{"no certificate found" +
                    found_instead(pem, PEM_STRING_X509, "openssl x509 -inform der")};
  }
  return certificates;
}

boost::system::result<KeyPtr, TlsError> parse_private_key(std::string_view pem) {
  if (pem.size() > longest_text) return TlsError{"no private key found: the text is too long"};
  ERR_clear_error();
  const BioPtr reader = reader_of(pem);
  bool asked = false;
  KeyPtr key(PEM_read_bio_PrivateKey(reader.get(), nullptr, refuse_password, &asked));
  if (key) {
    ERR_clear_error();
    return key;
  }
  if (asked) {
    ERR_clear_error();
    return TlsError{
        "the private key is encrypted, and there is nobody to ask for the password: "
        "store it decrypted (\"openssl pkey\"), readable by its user only"};
  }
  if (pem.find("PRIVATE KEY-----") != std::string_view::npos) {
    return error_because("the private key is damaged");
  }
  ERR_clear_error();
  return TlsError{"no private key found" +
                  found_instead(pem, PEM_STRING_PKCS8INF, "openssl pkey -inform der")};
}

}  // namespace spillway::tls
