// The owner of one file descriptor.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <utility>

namespace spillway {

/// Closes what it owns. Empty after a move or `reset()`.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { reset(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, none)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      number_ = std::exchange(other.number_, none);
    }
    return *this;
  }

  [[nodiscard]] int get() const { return number_; }
  explicit operator bool() const { return number_ != none; }

  /// It is one of the first `most` of the process (0 = any). A new one has the lowest number that
  /// is free: with a number from `most` on there are as many before it.
  [[nodiscard]] bool is_within(std::size_t most) const {
    return most == 0 || static_cast<std::size_t>(number_) < most;
  }

  void reset() noexcept {
    // Not repeated on EINTR: Linux has released the number by then, and another thread may
    // already have it.
    if (number_ != none) ::close(std::exchange(number_, none));
  }

 private:
  static constexpr int none = -1;
  int number_ = none;
};

}  // namespace spillway
