// Sends whose end is still to come.
#pragma once

#include "daemon/overflow/growing.hpp"

#include <spillway/clock.hpp>

#include <boost/circular_buffer.hpp>

#include <cassert>
#include <cstdint>
#include <memory>

namespace spillway::overflow {

/// A send that the sink accepted, and of which it has not told that it is with the operating
/// system.
struct Send {
  TimePoint accepted{};
  std::uint32_t bytes = 0;
  std::uint32_t messages = 0;  // that end in it
};

/// In the order in which their ends are told (SC-11). Most of the time it is one or none, for which
/// there is room here; a place for more is made once.
class InFlight {
 public:
  [[nodiscard]] bool empty() const { return first_.bytes == 0; }
  /// REQUIRES: not empty().
  [[nodiscard]] Send& last() { return more_ && !more_->empty() ? more_->back() : first_; }

  /// REQUIRES: `send` is not of 0 bytes.
  void push(Send send) {
    assert(send.bytes > 0);
    if (empty()) {
      first_ = send;
      return;
    }
    if (!more_) more_ = std::make_unique<boost::circular_buffer<Send>>();
    push_growing(*more_, send);
  }
  /// REQUIRES: not empty().
  Send pop() {
    const Send popped = first_;
    first_ = {};
    if (more_ && !more_->empty()) {
      first_ = more_->front();
      more_->pop_front();
    }
    return popped;
  }

 private:
  Send first_;  // of 0 bytes: there is none
  std::unique_ptr<boost::circular_buffer<Send>> more_;
};

}  // namespace spillway::overflow
