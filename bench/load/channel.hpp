// A client's end of a connection: TLS or plain TCP.
#pragma once

#include "bench/load/bytes.hpp"
#include "bench/load/descriptor.hpp"
#include "bench/load/outbox.hpp"

#include <utility>

namespace load {

/// Some bytes of the stream. Only their number, if nobody wants to look at them.
struct Chunk {
  std::size_t size = 0;
  const std::byte* data = nullptr;

  [[nodiscard]] bool empty() const { return size == 0; }
};

/// A turn is: `receive`, then `establish` until it succeeds, then `next_chunk` until there is none,
/// writing in between at will, then `flush`. Everything THROWS: ConnectionLost.
class Channel {
 public:
  explicit Channel(Descriptor socket) : socket_(std::move(socket)) {}
  virtual ~Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Reads from the socket, once.
  virtual void receive() = 0;
  /// Goes on with what comes before the stream; true when that is over.
  virtual bool establish() = 0;
  /// What came; empty when that was all. Valid until the next call.
  virtual Chunk next_chunk(bool look) = 0;
  /// Goes out with the next `flush`.
  virtual void write(Bytes bytes) = 0;
  /// Writes what tells the peer that this is a clean end.
  virtual void finish() = 0;
  virtual void flush() = 0;

  [[nodiscard]] const Descriptor& socket() const { return socket_; }
  [[nodiscard]] bool flushed() const { return outbox_.empty(); }

 protected:
  Outbox& outbox() { return outbox_; }

 private:
  Descriptor socket_;
  Outbox outbox_;
};

}  // namespace load
