// A layer that tells how much was sent through it.
#pragma once

#include <spillway/interceptor.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace spillway::overflow_simulation {

/// What went through a layer; outlives it.
struct LayerCount {
  std::size_t sent = 0;  // plain bytes, of every send
  /// It comes behind the last byte: the system has all that was sent.
  bool said_goodbye = false;
};

class CountedLayer final : public Interceptor {
 public:
  CountedLayer(std::unique_ptr<Interceptor> layer, LayerCount& count)
      : layer_(std::move(layer)), count_(count) {}

  LayerStatus set_up(LayerOutput output) override { return layer_->set_up(output); }
  LayerStatus incoming(Bytes wire, LayerOutput output) override {
    return layer_->incoming(wire, output);
  }
  LayerStatus outgoing(BufferList plain, LayerOutput output) override {
    for (const Bytes buffer : plain) count_.sent += buffer.size();
    return layer_->outgoing(plain, output);
  }
  LayerStatus end_of_input(LayerOutput output) override { return layer_->end_of_input(output); }
  void say_goodbye(LayerOutput output) override {
    count_.said_goodbye = true;
    layer_->say_goodbye(output);
  }
  void tear_down() noexcept override { layer_->tear_down(); }
  [[nodiscard]] std::string failure() const override { return layer_->failure(); }

 private:
  std::unique_ptr<Interceptor> layer_;
  LayerCount& count_;
};

}  // namespace spillway::overflow_simulation
