#include "tls/failure.hpp"

#include "tls/error.hpp"
#include "tls/handles.hpp"

#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <string_view>

namespace spillway::tls {

namespace {

// The first error of TLS itself: what a cipher under it put into the queue before says less.
unsigned long take_tls_error() {
  const unsigned long first = ERR_peek_error();
  while (const unsigned long code = ERR_get_error()) {
    if (ERR_GET_LIB(code) != ERR_LIB_SSL) continue;
    ERR_clear_error();
    return code;
  }
  return first;
}

// OpenSSL's reasons for received alerts lie this far above the alerts' own numbers.
bool is_alert(int reason) { return reason >= SSL_AD_REASON_OFFSET; }

// "tlsv1 alert unknown ca": the version there is OpenSSL's history, not that of the connection.
std::string_view without_prefix(std::string_view reason) {
  for (const std::string_view prefix : {"ssl/tls ", "sslv3 ", "tlsv13 ", "tlsv1 ", "alert "}) {
    if (reason.starts_with(prefix)) reason.remove_prefix(prefix.size());
  }
  return reason;
}

// Not one handshake message was made out in what the peer sent.
bool understood_nothing(const SSL* ssl) {
  const OSSL_HANDSHAKE_STATE state = SSL_get_state(ssl);
  return SSL_is_server(ssl) == 1 ? state == TLS_ST_BEFORE : state == TLS_ST_CW_CLNT_HELLO;
}

// The name or address that the certificate should have been for.
std::string wanted_by(SSL* ssl) {
  X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
  if (const char* host = X509_VERIFY_PARAM_get0_host(parameters, 0)) return host;
  const TextPtr address(X509_VERIFY_PARAM_get1_ip_asc(parameters));
  return address ? address.get() : "";
}

std::string explain_verification(SSL* ssl) {
  const long result = SSL_get_verify_result(ssl);
  std::string words = "certificate verify failed: ";
  words += X509_verify_cert_error_string(result);
  if (result == X509_V_ERR_HOSTNAME_MISMATCH || result == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    words += " (wanted " + wanted_by(ssl) + ")";
  }
  return words;
}

std::string_view meaning_of(int reason) {
  switch (reason) {
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
      return "the peer does not speak TLS: ";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
      return "no TLS version in common: ";
    case SSL_R_NO_APPLICATION_PROTOCOL:
      return "no ALPN protocol in common: ";
    default:
      return "";
  }
}

}  // namespace

std::string explain_failure(SSL* ssl) {
  const unsigned long code = take_tls_error();
  if (code == 0) return "OpenSSL failed without a reason";

  const std::string reason = reason_of(code);
  if (ERR_GET_LIB(code) != ERR_LIB_SSL) return reason;
  const int number = ERR_GET_REASON(code);
  if (is_alert(number)) return "alert received: " + std::string(without_prefix(reason));
  if (number == SSL_R_CERTIFICATE_VERIFY_FAILED) return explain_verification(ssl);
  if (understood_nothing(ssl)) return "the peer does not speak TLS: " + reason;
  return std::string(meaning_of(number)) + reason;
}

}  // namespace spillway::tls
