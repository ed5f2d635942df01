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

  [[nodiscard]] bool empty() const { return !bottom_.layer; }
  /// The stack's state as one: `failed` if any layer failed, `handshaking` until every layer is
  /// ready, `finished` when the application's bytes have ended. `ready` without layers.
  [[nodiscard]] LayerStatus status() const { return more_ ? more_->status : bottom_.status; }
  /// Every layer lets bytes out.
  [[nodiscard]] bool ready() const { return lets_bytes_out(status()); }
  /// After `failed`: the words of the layer that failed.
  [[nodiscard]] std::string failure() const;
  /// After `failed`: a layer's input ended before its time, and no layer is broken.
  [[nodiscard]] bool truncated() const;

  /// Starts the layers; those that become ready let the next one start.
  void set_up(StackOutput output);
  /// Puts one more layer on top and starts it. REQUIRES: ready().
  void push(std::unique_ptr<Interceptor> layer, LoopBuffers& buffers, StackOutput output);
  void incoming(Bytes wire, StackOutput output);
  /// REQUIRES: ready().
  void outgoing(BufferList plain, StackOutput output);
  void end_of_input(StackOutput output);
  /// From the top down, so that each goodbye passes through the layers below.
  void say_goodbye(StackOutput output);
  /// Once; later calls do nothing.
  void tear_down() noexcept;

 private:
  static bool lets_bytes_out(LayerStatus status) {
    return status == LayerStatus::ready || status == LayerStatus::finished;
  }

  struct Entry {
    std::unique_ptr<Interceptor> layer;
    LayerStatus status = LayerStatus::handshaking;
    bool set_up = false;
    bool said_goodbye = false;
    bool input_ended = false;
    bool truncated = false;
    bool torn_down = false;

    [[nodiscard]] bool sends() const { return lets_bytes_out(status); }
  };

  /// What a stack has from its second layer on. Nearly all have none or one.
  struct More {
    LoopBuffers& buffers;
    LayerStatus status;  // of all layers
    std::vector<Entry> entries;
  };

  template <class Call>
  void run(std::size_t level, StackOutput output, Call call);
  void end_level(std::size_t level, StackOutput output);
  void go_up(std::size_t level, Bytes bytes, StackOutput output);
  void go_down(std::size_t level, Bytes bytes, StackOutput output);
  void follow(std::size_t level, LayerStatus before, StackOutput output);
  void add(std::unique_ptr<Interceptor> layer, LoopBuffers& buffers);
  [[nodiscard]] LayerStatus combined() const;

  [[nodiscard]] std::size_t size() const { return empty() ? 0 : top() + 1; }
  /// REQUIRES: not empty().
  [[nodiscard]] std::size_t top() const { return more_ ? more_->entries.size() : 0; }
  Entry& at(std::size_t level) { return level == 0 ? bottom_ : more_->entries[level - 1]; }
  [[nodiscard]] const Entry& at(std::size_t level) const {
    return level == 0 ? bottom_ : more_->entries[level - 1];
  }

  Entry bottom_{.layer = {}, .status = LayerStatus::ready};  // as it is without layers
  std::unique_ptr<More> more_;
};

}  // namespace spillway
