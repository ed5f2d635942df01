// TLS as a layer: OpenSSL fed from memory.
#pragma once

#include "tls/handles.hpp"
#include "tls/wire.hpp"

#include <spillway/tls/tls_layer.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace spillway::tls {

/// One connection's side of TLS, server or client as `ssl` is.
class Engine final : public TlsLayer {
 public:
  explicit Engine(SslPtr ssl);

  LayerStatus set_up(LayerOutput output) override;
  LayerStatus incoming(Bytes wire, LayerOutput output) override;
  LayerStatus outgoing(BufferList plain, LayerOutput output) override;
  LayerStatus end_of_input(LayerOutput output) override;
  void say_goodbye(LayerOutput output) override;
  void tear_down() noexcept override;
  [[nodiscard]] std::string failure() const override {
    return failure_ ? *failure_ : std::string();
  }
  [[nodiscard]] TlsSession session() const override;
  [[nodiscard]] std::optional<TlsHandshake> handshake() const override;

 private:
  static void on_message(int write, int version, int type, const void* bytes, std::size_t size,
                         SSL* ssl, void* engine) noexcept;

  [[nodiscard]] bool sends() const;
  void shake_hands();
  void decrypt(std::size_t wire_size, ByteBuffer& up);
  void note_end_of_data();
  void encrypt(Bytes plain);
  void encrypt_joined(BufferList plain);
  void fail(std::string why);

  [[nodiscard]] TlsSession read() const;

  std::string server_name_;
  SslPtr ssl_;  // none after tear_down
  // Sessions are many and idle: what only the end brings has no room before it.
  std::unique_ptr<const TlsSession> left_behind_;  // by tear_down
  std::unique_ptr<const std::string> failure_;     // by fail
  LayerStatus status_ = LayerStatus::handshaking;
  // Of the handshake's kind in this read, since the last plain byte.
  std::uint8_t idle_messages_ = 0;
  bool heard_peer_ = false;
};

}  // namespace spillway::tls
