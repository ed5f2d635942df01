// Waits for sockets to become ready.
#pragma once

#include "bench/load/descriptor.hpp"

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace load {

/// Hears of its socket's readiness (EPOLLIN, EPOLLOUT, ...), level-triggered.
class Ready {
 public:
  virtual ~Ready() = default;
  /// May close its own socket and destroy itself, but nobody else's.
  virtual void on_ready(std::uint32_t events) = 0;
};

/// Whose turn comes first. Between two turns of bulk sockets all prompt ones get theirs, so that a
/// round trip is not measured with the time that this process takes for somebody's 256 KiB.
enum class Urgency { prompt, bulk };

class EventLoop {
 public:
  using Clock = std::chrono::steady_clock;

  EventLoop();

  /// Closing the socket ends it. `ready` stays the caller's.
  void add(const Descriptor& socket, Urgency urgency, std::uint32_t events, Ready& ready);
  void change(const Descriptor& socket, Urgency urgency, std::uint32_t events, Ready& ready);
  void move(const Descriptor& socket, Urgency to, std::uint32_t events, Ready& ready);

  /// One turn: waits until something is ready or `until` has come, and lets it proceed.
  void turn(Clock::time_point until);

 private:
  static constexpr std::size_t most_prompt = 256;
  static constexpr std::size_t most_bulk = 8;

  void control(int operation, const Descriptor& socket, Urgency urgency, std::uint32_t events,
               Ready* ready);
  void bulk_turn();

  Descriptor prompt_;
  Descriptor bulk_;               // watched by prompt_
  std::size_t bulk_at_once_ = 1;  // more while no prompt socket has anything
  std::array<epoll_event, most_prompt> prompt_events_{};
  std::array<epoll_event, most_bulk> bulk_events_{};
};

}  // namespace load
