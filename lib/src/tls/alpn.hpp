// Which protocol runs inside TLS (ALPN, RFC 7301).
#pragma once

#include <spillway/tls/tls_error.hpp>

#include <boost/system/result.hpp>
#include <openssl/ssl.h>

#include <string>
#include <vector>

namespace spillway::tls {

/// Servers of `context` choose from `protocols`, their first choice first. A client that offers
/// ALPN and none of them is refused.
boost::system::result<void, TlsError> choose_alpn(SSL_CTX* context,
                                                  const std::vector<std::string>& protocols);

/// Clients of `context` offer `protocols`.
boost::system::result<void, TlsError> offer_alpn(SSL_CTX* context,
                                                 const std::vector<std::string>& protocols);

}  // namespace spillway::tls
