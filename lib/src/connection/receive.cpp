// How a connection receives: wire bytes in, plain bytes to the application.
#include "base/loop_buffers.hpp"
#include "connection/connection_core.hpp"

#include <algorithm>

namespace spillway {

namespace {

// A peer that asks our layers for answers and reads none (a flood of TLS key updates) is not read
// from while this much of them is pending: so pending stays bounded (SC-9).
constexpr std::size_t protocol_limit = 64 * 1024;

}  // namespace

// The handshake is read even when the application muted early. After the peer's end there is
// nothing to read; a closing connection reads only to find that end.
bool ConnectionCore::wants_input() const {
  if (stream_ended_ || input_ended_) return false;
  if (phase_ != Phase::closing && pending_.protocol_size() > protocol_limit) return false;
  switch (phase_) {
    case Phase::starting:
    case Phase::closing:
      return true;
    case Phase::open:
      return !layers_.ready() || (!muted_ && held_.empty());
    case Phase::dialling:
    case Phase::over:
      break;
  }
  return false;
}

// One read per event: what is left makes the transport ready again, and other connections of the
// loop come first.
void ConnectionCore::receive() {
  const auto whole = scheduler().buffers().read();
  const auto buffer = whole.first(std::clamp<std::size_t>(options_.read_limit, 1, whole.size()));
  const IoResult result = transport_->read(buffer);
  switch (result.status) {
    case IoStatus::done:
      return incoming(buffer.first(result.bytes));
    case IoStatus::would_block:
      return;
    case IoStatus::end_of_stream:
      return input_ended();
    case IoStatus::failed:
      return lose(result.error);
  }
}

void ConnectionCore::incoming(Bytes wire) {
  if (phase_ == Phase::closing) return;  // the application is done with receiving
  if (layers_.empty()) return deliver(wire);

  const LoopBuffers::Lease plain(scheduler().buffers());
  boost::system::error_code error;
  {
    const LoopBuffers::Lease down(scheduler().buffers());
    layers_.incoming(wire, {.plain = *plain, .wire = *down});
    error = emit(down->data());
  }
  if (error || layers_.status() == LayerStatus::failed) output_ = Output::lost;
  // What came before a failure was received all the same: it is delivered first. A peer that sends
  // and leaves at once makes the answer of our layers fail, and its bytes must not be lost to that.
  if (layers_.status() != LayerStatus::failed) follow_layers();
  deliver(plain->data());
  if (phase_ == Phase::over) return;
  if (error) return lose(error);
  follow_layers();
  if (layers_.status() != LayerStatus::finished) return;
  input_ended_ = true;
  advance_output();  // a close() from inside the delivery waits for exactly this
}

void ConnectionCore::input_ended() {
  stream_ended_ = true;
  if (phase_ == Phase::closing) return advance_output();
  if (!layers_.empty()) {
    const LoopBuffers::Lease plain(scheduler().buffers());
    const LoopBuffers::Lease down(scheduler().buffers());
    layers_.end_of_input({.plain = *plain, .wire = *down});
    const auto error = emit(down->data());
    if (error || layers_.status() == LayerStatus::failed) output_ = Output::lost;
    if (layers_.status() != LayerStatus::failed) follow_layers();
    deliver(plain->data());
    if (phase_ == Phase::over) return;
    if (error) return lose(error);
    if (layers_.status() == LayerStatus::failed) return fail_layer();
  }
  input_ended_ = true;
  advance_output();
}

// Acts on what the layers' state means for the connection.
void ConnectionCore::follow_layers() {
  if (phase_ == Phase::over) return;
  if (layers_.status() == LayerStatus::failed) return fail_layer();
  if (!layers_.ready()) return;
  if (phase_ == Phase::starting) {
    phase_ = Phase::open;
    deadline_.cancel();
  }
  if (upgrade_ == Upgrade::running) {
    upgrade_ = Upgrade::done;
    if (phase_ == Phase::open) deadline_.cancel();
  }
  update_throttle();
}

// `data` lies in a borrowed buffer. What may not be delivered now is copied and held.
void ConnectionCore::deliver(Bytes data) {
  if (data.empty()) return;
  in_hand_ = true;
  const bool all_told = reconcile();
  in_hand_ = false;
  ConnectionEvents* events = receiver_.events();
  if (phase_ != Phase::open || events == nullptr) return;
  if (!all_told || muted_ || !held_.empty()) return held_.append(data);
  events->on_received(data);
  reconcile();
}

}  // namespace spillway
