// The name that a client asks for, read from its ClientHello.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace spillway::tls {

/// Connections of `context` note the name (SNI) in the first message already: it is known even if
/// the handshake then fails for a reason that is found before extensions are looked at.
void note_server_names(SSL_CTX* context);

/// Where the name asked for on `ssl` goes. `name` outlives `ssl`.
void note_server_name_in(SSL* ssl, std::string& name);

}  // namespace spillway::tls
