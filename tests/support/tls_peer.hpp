// The far end of a connection's wire, speaking TLS.
#pragma once

#include "tests/support/scripted_transport.hpp"
#include "tls/context.hpp"
#include "tls/engine.hpp"

#include <spillway/byte_buffer.hpp>
#include <spillway/tls/self_signed.hpp>
#include <spillway/tls/tls_context.hpp>
#include <spillway/tls/tls_layer.hpp>

#include <openssl/ssl.h>

#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace spillway::testing {

/// Contexts of one certificate, made once for all tests.
struct TlsContexts {
  CertificateAndKey identity;
  TlsServerContext server;
  TlsClientContext client;

  static const TlsContexts& shared() {
    static const TlsContexts made = [] {
      CertificateAndKey own = make_self_signed();
      TlsServerOptions served;
      served.certificates = {own};
      TlsClientOptions trusted;
      trusted.trusted_pem = own.certificate_pem;
      return TlsContexts{.identity = std::move(own),
                         .server = TlsServerContext::create(served).value(),
                         .client = TlsClientContext::create(trusted).value()};
    }();
    return made;
  }
};

inline std::unique_ptr<TlsLayer> tls_server() {
  return make_tls_server_layer(TlsContexts::shared().server);
}
inline std::unique_ptr<TlsLayer> tls_client() {
  return make_tls_client_layer(TlsContexts::shared().client, "localhost").value();
}

enum class TlsRole { client, server };

/// A real engine that reads what the connection wrote, and whose own bytes the connection reads.
/// Nothing happens by itself: a test calls, and sees what came of it.
class TlsPeer {
 public:
  explicit TlsPeer(Wire& wire, TlsRole role = TlsRole::client,
                   TlsVersion version = TlsVersion::tls_1_3)
      : TlsPeer(wire, make_ssl(role), version) {}

  /// Puts its bytes on the wire in pieces of at most this size from now on.
  void speak_in_pieces_of(std::size_t size) { piece_ = size; }

  void start() {
    status_ = engine_->set_up(output());
    speak();
  }
  /// Reads all that the connection wrote and answers. False if there was nothing.
  bool listen() {
    const std::string written = wire_.take();
    if (written.empty()) return false;
    hear(written);
    return true;
  }
  void hear(std::string_view written) {
    status_ = engine_->incoming(as_bytes(written), output());
    speak();
  }
  void say(std::string_view text) {
    encrypt(text);
    speak();
  }
  /// Changes its keys and asks the connection to do the same.
  void update_keys() { wire_.receives(key_update()); }
  void say_goodbye() {
    engine_->say_goodbye(output());
    speak();
  }

  /// The wire bytes of what `say` would say, for a test to deliver itself.
  std::string words(std::string_view text) {
    encrypt(text);
    return take_wire();
  }
  std::string key_update() {
    SSL_key_update(ssl_, SSL_KEY_UPDATE_REQUESTED);
    // OpenSSL sends it with whatever it is asked to do next; reading nothing is enough.
    status_ = engine_->incoming({}, output());
    return take_wire();
  }
  /// Makes the connection emit protocol bytes: OpenSSL keeps its first answer until it is asked to
  /// do something else, and a second question does.
  std::string demand_for_an_answer() {
    const std::string first = key_update();
    return first + key_update();
  }
  std::string goodbye() {
    engine_->say_goodbye(output());
    return take_wire();
  }
  /// As `hear`, but the answer is the test's to deliver.
  std::string answer_to(std::string_view written) {
    status_ = engine_->incoming(as_bytes(written), output());
    return take_wire();
  }
  std::string opening() {
    status_ = engine_->set_up(output());
    return take_wire();
  }

  [[nodiscard]] const std::string& heard() const { return heard_; }
  [[nodiscard]] LayerStatus status() const { return status_; }
  [[nodiscard]] std::string failure() const { return engine_->failure(); }

 private:
  static tls::SslPtr make_ssl(TlsRole role) {
    const TlsContexts& contexts = TlsContexts::shared();
    if (role == TlsRole::server) return contexts.server.impl().make_ssl();
    return contexts.client.impl().make_ssl("localhost").value();
  }

  TlsPeer(Wire& wire, tls::SslPtr ssl, TlsVersion version)
      : wire_(wire), ssl_(ssl.get()), engine_(std::make_unique<tls::Engine>(std::move(ssl))) {
    if (version == TlsVersion::tls_1_2) SSL_set_max_proto_version(ssl_, TLS1_2_VERSION);
  }

  LayerOutput output() { return {.up = up_, .down = down_}; }
  void encrypt(std::string_view text) {
    const Bytes plain = as_bytes(text);
    status_ = engine_->outgoing(BufferList(&plain, 1), output());
  }
  std::string take_wire() {
    heard_ += as_text(up_.data());
    up_.clear();
    std::string wire(as_text(down_.data()));
    down_.clear();
    return wire;
  }
  void speak() {
    const std::string bytes = take_wire();
    for (std::string_view rest = bytes; !rest.empty();) {
      const std::string_view part = rest.substr(0, piece_);
      wire_.receives(std::string(part));
      rest.remove_prefix(part.size());
    }
  }

  Wire& wire_;
  SSL* ssl_;
  std::unique_ptr<tls::Engine> engine_;
  LayerStatus status_ = LayerStatus::handshaking;
  ByteBuffer up_;
  ByteBuffer down_;
  std::string heard_;
  std::size_t piece_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace spillway::testing
