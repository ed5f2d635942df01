// The name that a client asks for, read from its ClientHello.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace spillway::tls {

/// Connections of `context` note the name (SNI) in the first message already: it is known even if
/// the handshake then fails for a reason that is found before extensions are looked at.
void note_server_names(SSL_CTX* context);

/// While it lives, `name` gets what a ClientHello that this thread reads asks for. Handshakes of
/// one thread never overlap; a word for each connection would be two allocations in OpenSSL.
class ServerNameNote {
 public:
  explicit ServerNameNote(std::string& name);
  ~ServerNameNote();
  ServerNameNote(const ServerNameNote&) = delete;
  ServerNameNote& operator=(const ServerNameNote&) = delete;
};

}  // namespace spillway::tls
