// What a handshake settled, read from OpenSSL.
#pragma once

#include <spillway/tls/tls_layer.hpp>

#include <openssl/ssl.h>

namespace spillway::tls {

/// What `ssl` knows so far. What was heard and the name asked for are the engine's to note: a
/// handshake may fail before OpenSSL has them.
TlsSession read_session(const SSL* ssl);

}  // namespace spillway::tls
