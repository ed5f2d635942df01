// One engine of a test, with what it made and the last thing it said.
#pragma once

#include <spillway/byte_buffer.hpp>
#include <spillway/bytes.hpp>
#include <spillway/tls/tls_layer.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace spillway::testing {

class Side {
 public:
  explicit Side(std::unique_ptr<TlsLayer> layer) : layer_(std::move(layer)) {}

  LayerStatus set_up() { return status_ = layer_->set_up(output()); }
  LayerStatus receive(std::string_view wire) {
    return status_ = layer_->incoming(as_bytes(wire), output());
  }
  LayerStatus send(BufferList plain) { return status_ = layer_->outgoing(plain, output()); }
  LayerStatus send(std::string_view plain) {
    const Bytes one = as_bytes(plain);
    return send(BufferList(&one, 1));
  }
  LayerStatus end_of_input() { return status_ = layer_->end_of_input(output()); }
  void say_goodbye() { layer_->say_goodbye(output()); }

  [[nodiscard]] LayerStatus status() const { return status_; }
  [[nodiscard]] TlsLayer& layer() { return *layer_; }
  [[nodiscard]] TlsSession session() const { return layer_->session(); }
  [[nodiscard]] std::string failure() const { return layer_->failure(); }

  /// What waits to be sent to the peer, and what is for the application.
  [[nodiscard]] bool has_wire() const { return !down_.empty(); }
  std::string take_wire() { return take(down_); }
  std::string take_plain() { return take(up_); }

 private:
  LayerOutput output() { return {.up = up_, .down = down_}; }
  static std::string take(ByteBuffer& buffer) {
    std::string taken(as_text(buffer.data()));
    buffer.clear();
    return taken;
  }

  std::unique_ptr<TlsLayer> layer_;
  LayerStatus status_ = LayerStatus::handshaking;
  ByteBuffer up_;
  ByteBuffer down_;
};

}  // namespace spillway::testing
