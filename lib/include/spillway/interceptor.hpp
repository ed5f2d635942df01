// A layer on a connection: transforms bytes in both directions. TLS is one.
#pragma once

#include <spillway/byte_buffer.hpp>
#include <spillway/bytes.hpp>

#include <cstdint>
#include <string>

namespace spillway {

/// Where a layer puts what it makes. Both are appended to in any of its calls, zero, one or many
/// times (SC-27).
struct LayerOutput {
  /// Plain bytes toward the application.
  ByteBuffer& up;
  /// Wire bytes toward the peer: what `outgoing` made, and protocol bytes of the layer's own.
  ByteBuffer& down;
};

enum class LayerStatus : std::uint8_t {
  /// Not ready: the application hears nothing and cannot send.
  handshaking,
  /// Bytes pass in both directions.
  ready,
  /// Ready to send; the peer ended its side cleanly (TLS: close_notify came). What comes after is
  /// not the application's.
  finished,
  /// Broken for good. What was put into `up` before still goes on, and what was put into `down` (an
  /// alert, for instance) as far as the system takes it at once; then the connection is lost.
  /// `failure()` says why.
  failed,
};

/// Bytes and events in; plain bytes up, wire bytes down and a status out. An interceptor does no
/// I/O, holds no connection and calls nobody back.
///
/// Calls come one at a time on the connection's loop, in this order: set_up (when the layers below
/// are ready), then any mix of incoming, outgoing, end_of_input and say_goodbye, then
/// tear_down exactly once, ready or not, set up or not. After `failed` only tear_down follows;
/// after `finished` no `incoming`. `outgoing` and plain bytes in `up` come only after `ready`.
/// A layer that `start_tls` refused is destroyed without any call.
class Interceptor {
 public:
  virtual ~Interceptor() = default;

  /// The transport is connected. A client's first protocol bytes go into `down` here.
  virtual LayerStatus set_up(LayerOutput output) = 0;

  /// Bytes came from the peer. All of them are taken; a layer keeps what is not yet a whole unit.
  virtual LayerStatus incoming(Bytes wire, LayerOutput output) = 0;

  /// The application sends. All of it is taken. Consecutive buffers may be joined.
  virtual LayerStatus outgoing(BufferList plain, LayerOutput output) = 0;

  /// The stream below ended. Returns `finished` (or `ready`) if that is a clean end of this layer,
  /// `failed` (or `handshaking`) if it is a truncation.
  virtual LayerStatus end_of_input(LayerOutput output) = 0;

  /// The application ended its sending side: puts the goodbye (TLS: close_notify) into `down`.
  virtual void say_goodbye(LayerOutput output) = 0;

  /// The last call: the stream is gone or the connection closed. Resources may be freed here;
  /// accessors of the layer must still answer afterwards.
  virtual void tear_down() noexcept = 0;

  /// After `failed`: what went wrong, for people. Valid until destruction.
  [[nodiscard]] virtual std::string failure() const = 0;
};

}  // namespace spillway
