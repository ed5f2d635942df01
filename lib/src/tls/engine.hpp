// TLS as a layer: OpenSSL fed from memory.
#pragma once

#include "tls/handles.hpp"
#include "tls/wire.hpp"

#include <spillway/tls/tls_layer.hpp>

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
  void relax() noexcept override;
  [[nodiscard]] std::string failure() const override { return failure_; }
  [[nodiscard]] TlsSession session() const override;

 private:
  static void on_message(int write, int version, int type, const void* bytes, std::size_t size,
                         SSL* ssl, void* engine) noexcept;

  [[nodiscard]] bool sends() const;
  void shake_hands();
  void decrypt(std::size_t wire_size, ByteBuffer& up);
  void encrypt(Bytes plain);
  void encrypt_joined(BufferList plain);
  void fail(std::string why);

  LayerStatus status_ = LayerStatus::handshaking;
  std::string failure_;
  int idle_messages_ = 0;  // of the handshake's kind since the last plain byte
  TlsSession session_;     // only what ssl_ does not know, until tear_down fills in the rest
  Wire wire_;              // before ssl_, whose BIO refers to it
  SslPtr ssl_;             // none after tear_down
};

}  // namespace spillway::tls
