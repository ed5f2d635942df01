#include "bench/load/plain_channel.hpp"

#include "bench/load/socket.hpp"

namespace load {

Chunk PlainChannel::next_chunk(bool look) {
  if (!std::exchange(may_read_, false)) return {};
  if (!look) return {discard(socket(), SharedBuffers::read_size), nullptr};
  return {load::receive(socket(), buffers_.received), buffers_.received.data()};
}

void PlainChannel::write(Bytes bytes) { outbox().send(socket(), bytes); }

void PlainChannel::flush() { outbox().flush(socket()); }

}  // namespace load
