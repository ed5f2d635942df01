#include "tls/context.hpp"

#include "tls/error.hpp"

#include <openssl/err.h>

namespace spillway::tls {

int protocol_number(TlsVersion version) {
  return version == TlsVersion::tls_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
}

boost::system::result<SslContextPtr, TlsError> make_context(const SSL_METHOD* method,
                                                            TlsVersion min_version,
                                                            TlsVersion max_version) {
  if (min_version > max_version) {
    return TlsError{"the minimum TLS version is above the maximum: no version is left"};
  }
  ERR_clear_error();
  SslContextPtr context(SSL_CTX_new(method));
  if (!context) return error_because("OpenSSL does not start");
  // A renegotiation could make a write wait for a read, and nobody needs one.
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // A system-wide configuration of OpenSSL may have set another minimum: ours counts.
  if (SSL_CTX_set_min_proto_version(context.get(), protocol_number(min_version)) != 1) {
    return error_because("the minimum TLS version is refused");
  }
  if (SSL_CTX_set_max_proto_version(context.get(), protocol_number(max_version)) != 1) {
    return error_because("the maximum TLS version is refused");
  }
  // Tickets resume sessions at no cost in memory; a cache would be a lock between event loops.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

}  // namespace spillway::tls
