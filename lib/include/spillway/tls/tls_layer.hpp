// The TLS layer of one connection.
#pragma once

#include <spillway/interceptor.hpp>
#include <spillway/tls/tls_context.hpp>
#include <spillway/tls/tls_options.hpp>

#include <boost/system/result.hpp>

#include <memory>
#include <optional>
#include <string>

namespace spillway {

/// What a handshake settled. Fields are empty as far as it did not get.
struct TlsSession {
  /// The peer sent anything at all. A scanner connects and leaves without a word.
  bool heard_peer = false;
  /// The name that the client asked for (SNI); known from the ClientHello on.
  std::string server_name;
  /// "TLSv1.3"
  std::string version;
  /// "TLS_AES_128_GCM_SHA256"
  std::string cipher;
  std::string alpn;
  bool resumed = false;
  /// The peer's certificate's subject (RFC 2253); empty without one.
  std::string peer_subject;
};

/// What kind of handshake it was, for who counts them.
struct TlsHandshake {
  TlsVersion version;
  bool resumed;
};

/// An OpenSSL engine fed from memory. Besides being an interceptor it can be asked what the
/// handshake settled: keep a reference before giving it to a connection; it is valid until the
/// connection is destroyed.
class TlsLayer : public Interceptor {
 public:
  /// As known so far; also after a failure and after tear-down.
  [[nodiscard]] virtual TlsSession session() const = 0;
  /// Of a handshake that is done; none before, and none after tear-down. Takes no memory.
  [[nodiscard]] virtual std::optional<TlsHandshake> handshake() const = 0;
};

/// The server's side.
std::unique_ptr<TlsLayer> make_tls_server_layer(const TlsServerContext& context);

/// The client's side. `server_name` is sent as SNI (unless it is an IP address or empty) and is
/// what the certificate must be for. Empty is an error unless the context skips verification.
boost::system::result<std::unique_ptr<TlsLayer>, TlsError> make_tls_client_layer(
    const TlsClientContext& context, const std::string& server_name);

}  // namespace spillway
