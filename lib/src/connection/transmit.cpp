// How a connection sends: plain bytes from the application, wire bytes to the transport.
#include "base/loop_buffers.hpp"
#include "connection/connection_core.hpp"

#include <algorithm>

namespace spillway {

namespace {

std::size_t total_size(BufferList buffers) {
  std::size_t total = 0;
  for (const Bytes& buffer : buffers) total += buffer.size();
  return total;
}

}  // namespace

bool ConnectionCore::is_writeable() const {
  return is_open() && layers_.ready() && pending_.empty();
}

SendResult ConnectionCore::send(BufferList buffers) {
  const bool may_become_ready = phase_ == Phase::starting || phase_ == Phase::open;
  if (!may_become_ready || output_ != Output::open) return SendError::NotConnected;
  if (phase_ == Phase::starting || !layers_.ready()) return SendError::NotReady;
  if (!pending_.empty()) return SendError::NotWriteable;

  boost::system::error_code error;
  if (layers_.empty()) {
    error = transmit(buffers, total_size(buffers));
  } else {
    const LoopBuffers::Lease wire(scheduler().buffers());
    layers_.outgoing(buffers, held_output(*wire));
    const Bytes bytes = wire->data();
    error = transmit(BufferList(&bytes, 1), bytes.size());
    if (layers_.status() == LayerStatus::failed) {
      fail_layer();
      return SendError::NotConnected;
    }
  }
  if (error) {
    lose(error);
    return SendError::NotConnected;
  }
  const SendToken token = ledger_.issue();
  if (!pending_.holds_send()) ledger_.complete();
  update_throttle();
  if (!pending_.empty()) update_interest();
  announce();
  return token;
}

// Writes a send's bytes as far as the transport takes them and keeps the rest.
boost::system::error_code ConnectionCore::transmit(BufferList wire, std::size_t size) {
  if (size == 0) return {};
  const IoResult result = transport_->write(wire);
  if (result.status == IoStatus::failed) return result.error;
  if (result.bytes == size) return {};
  pending_.reserve_send(size - result.bytes);
  std::size_t skip = result.bytes;
  for (const Bytes& buffer : wire) {
    const std::size_t taken = std::min(skip, buffer.size());
    skip -= taken;
    pending_.append_send(buffer.subspan(taken));
  }
  // A transport that took a part without being full wants to be asked again (SC-8).
  if (result.status == IoStatus::done) return drain();
  return {};
}

boost::system::error_code ConnectionCore::drain() {
  while (!pending_.empty()) {
    const Bytes bytes = pending_.data();
    const IoResult result = transport_->write(BufferList(&bytes, 1));
    const bool held_send = pending_.holds_send();
    pending_.consume(result.bytes);
    if (held_send && !pending_.holds_send()) ledger_.complete();
    if (result.status == IoStatus::failed) return result.error;
    if (result.status == IoStatus::would_block) break;
  }
  if (pending_.empty()) pending_.release();
  update_throttle();
  advance_output();
  return {};
}

// Protocol bytes that the layers made by themselves: behind what is pending, whatever the
// application's state. Nothing goes behind the FIN: an answer to what is still received (a TLS key
// update) is too late then, and writing it would lose the connection.
boost::system::error_code ConnectionCore::emit(Bytes protocol) {
  if (protocol.empty() || output_ >= Output::ended) return {};
  IoResult result{.bytes = 0, .status = IoStatus::would_block, .error = {}};
  if (pending_.empty()) result = transport_->write(BufferList(&protocol, 1));
  if (result.status == IoStatus::failed) return result.error;
  pending_.append_protocol(protocol.subspan(result.bytes));
  if (result.status == IoStatus::done && !pending_.empty()) return drain();
  update_throttle();
  return {};
}

// Walks the end of the sending side as far as it goes now; drain() comes back here.
void ConnectionCore::advance_output() {
  if (output_ == Output::draining && pending_.empty()) {
    output_ = Output::saying_goodbye;
    const LoopBuffers::Lease wire(scheduler().buffers());
    layers_.say_goodbye(held_output(*wire));
    if (const auto error = emit(wire->data())) return lose(error);
    if (layers_.status() == LayerStatus::failed) return fail_layer();
  }
  if (output_ == Output::saying_goodbye && pending_.empty()) {
    transport_->shutdown_send();
    output_ = Output::ended;
  }
  if (phase_ == Phase::closing && output_ == Output::ended && (stream_ended_ || input_ended_)) {
    finish(CloseReason::closed, Farewell::peaceful);
  }
}

// Frozen once the application ended its sending side: from then on nothing it could do depends
// on it.
void ConnectionCore::update_throttle() {
  if (is_open()) throttled_ = !pending_.empty();
}

}  // namespace spillway
