#include "tests/overflow_simulation/consumer.hpp"

#include <algorithm>
#include <utility>

namespace spillway::overflow_simulation {

void Consumer::speak(simulation::FarLayer layer) {
  far_ = std::move(layer);
  run([this](LayerOutput output) { return far_->layer->set_up(output); });
}

bool Consumer::read(std::size_t size) {
  ByteBuffer& wire = socket_.output();
  size = std::min(size, wire.size());
  if (size == 0) return false;
  const Bytes bytes = wire.data().first(size);
  if (!far_) {
    hear(bytes);
  } else if (status_ == LayerStatus::handshaking || status_ == LayerStatus::ready) {
    run([&](LayerOutput output) { return far_->layer->incoming(bytes, output); });
  }
  wire.consume(size);
  return true;
}

bool Consumer::chatter() {
  if (!far_ || status_ != LayerStatus::ready) return false;
  run([this](LayerOutput output) {
    far_->chatter(output);
    return status_;
  });
  return true;
}

template <class Call>
void Consumer::run(Call call) {
  ByteBuffer up;
  ByteBuffer down;
  status_ = call(LayerOutput{.up = up, .down = down});
  verdict_.require(status_ != LayerStatus::failed || gone_, "the consumer can read its layer");
  socket_.receive(down.data());
  hear(up.data());
}

void Consumer::hear(Bytes plain) {
  if (gone_ || plain.empty()) return;
  verdict_.require(expected_.deliver(plain), "the sink gets what was passed, in order and once");
}

}  // namespace spillway::overflow_simulation
