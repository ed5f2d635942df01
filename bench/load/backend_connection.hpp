// A connection that the proxy made to the backend.
#pragma once

#include "bench/load/bytes.hpp"
#include "bench/load/descriptor.hpp"
#include "bench/load/event_loop.hpp"
#include "bench/load/outbox.hpp"
#include "bench/load/pattern.hpp"
#include "bench/load/shared_buffers.hpp"

#include <functional>

namespace load {

/// Does what the greeting chooses, and returns that first: 'e' returns everything that follows, 'd'
/// sends the pattern without end (before it, in two bytes, the position where it begins).
class BackendConnection : private Ready {
 public:
  /// Calls `destroy` when the proxy is gone.
  BackendConnection(EventLoop& loop, SharedBuffers& buffers, const Pattern& pattern,
                    Descriptor socket, std::size_t number, std::function<void()> destroy);

 private:
  enum class Phase { choosing, echoing, sending };

  void on_ready(std::uint32_t events) override;
  void turn(std::uint32_t events);
  void choose(Bytes bytes);
  void watch(Urgency urgency, std::uint32_t events);

  EventLoop& loop_;
  SharedBuffers& buffers_;
  const Pattern& pattern_;
  Descriptor socket_;
  std::function<void()> destroy_;
  Phase phase_ = Phase::choosing;
  Urgency urgency_ = Urgency::prompt;
  std::uint32_t watched_ = EPOLLIN;
  std::uint16_t start_;     // of its stream in the pattern
  std::uint64_t position_;  // the same of what comes next
  Outbox outbox_;
};

}  // namespace load
