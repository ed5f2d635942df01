// The layers of a connection as one: bytes go through all of them.
#pragma once

#include <spillway/byte_buffer.hpp>
#include <spillway/bytes.hpp>
#include <spillway/interceptor.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace spillway {

class LoopBuffers;

/// Where bytes leave the stack: plain ones at the top, wire bytes at the bottom.
struct StackOutput {
  ByteBuffer& plain;
  ByteBuffer& wire;
};

/// Layer 0 is nearest to the wire. A layer is set up when all layers below it are ready, because
/// its first protocol bytes have to pass through them.
class LayerStack {
 public:
  LayerStack(std::vector<std::unique_ptr<Interceptor>> layers, LoopBuffers& buffers);
  ~LayerStack();
  LayerStack(const LayerStack&) = delete;
  LayerStack& operator=(const LayerStack&) = delete;

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// The stack's state as one: `failed` if any layer failed, `handshaking` until every layer is
  /// ready, `finished` when the application's bytes have ended. `ready` without layers.
  [[nodiscard]] LayerStatus status() const { return status_; }
  /// Every layer lets bytes out.
  [[nodiscard]] bool ready() const {
    return status_ == LayerStatus::ready || status_ == LayerStatus::finished;
  }
  /// After `failed`: the words of the layer that failed.
  [[nodiscard]] std::string failure() const;
  /// After `failed`: a layer's input ended before its time, and no layer is broken.
  [[nodiscard]] bool truncated() const { return truncated_; }

  /// Starts the layers; those that become ready let the next one start.
  void set_up(StackOutput output);
  /// Puts one more layer on top and starts it. REQUIRES: ready().
  void push(std::unique_ptr<Interceptor> layer, StackOutput output);
  void incoming(Bytes wire, StackOutput output);
  /// REQUIRES: ready().
  void outgoing(BufferList plain, StackOutput output);
  void end_of_input(StackOutput output);
  /// From the top down, so that each goodbye passes through the layers below.
  void say_goodbye(StackOutput output);
  /// Once; later calls do nothing.
  void tear_down() noexcept;
  void relax() noexcept;

 private:
  struct Entry {
    std::unique_ptr<Interceptor> layer;
    LayerStatus status = LayerStatus::handshaking;
    bool set_up = false;
    bool said_goodbye = false;
    bool input_ended = false;

    [[nodiscard]] bool sends() const {
      return status == LayerStatus::ready || status == LayerStatus::finished;
    }
  };

  template <class Call>
  void run(std::size_t level, StackOutput output, Call call);
  void end_level(std::size_t level, StackOutput output);
  void go_up(std::size_t level, Bytes bytes, StackOutput output);
  void go_down(std::size_t level, Bytes bytes, StackOutput output);
  void follow(std::size_t level, LayerStatus before, StackOutput output);
  [[nodiscard]] LayerStatus combined() const;

  std::vector<Entry> entries_;
  LoopBuffers& buffers_;
  LayerStatus status_;
  bool truncated_ = false;
  bool torn_down_ = false;
};

}  // namespace spillway
