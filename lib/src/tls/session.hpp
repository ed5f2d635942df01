// What a handshake settled, read from OpenSSL.
#pragma once

#include <spillway/tls/tls_layer.hpp>

#include <openssl/ssl.h>

namespace spillway::tls {

/// What `noted` has by itself (what was heard, the server's name) and what `ssl` knows so far.
TlsSession read_session(const SSL* ssl, const TlsSession& noted);

}  // namespace spillway::tls
