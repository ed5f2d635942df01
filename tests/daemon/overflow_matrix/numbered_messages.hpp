// Messages that carry their number, in every framing.
#pragma once

#include "tests/daemon/overflow_matrix/cell.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::testing {

/// Makes them, and reads them again by rules of its own: what the product takes for a boundary is
/// not asked.
class NumberedMessages {
 public:
  /// What a stream was found to hold.
  struct Reading {
    std::vector<std::size_t> numbers;
    /// Behind the last whole message: nothing, or the beginning of another.
    std::string_view rest;
    /// False: there is something that is no message.
    bool is_intact = true;

    /// Each number is higher than the one before.
    [[nodiscard]] bool is_in_order() const;
  };

  /// `largest` in bytes on the wire.
  NumberedMessages(Shape shape, std::size_t largest) : shape_(shape), largest_(largest) {}

  /// Always the same for the same number; sizes vary from one number to the next.
  [[nodiscard]] std::string message(std::size_t number) const;
  /// One of exactly this size on the wire. REQUIRES: not `fixed`.
  [[nodiscard]] std::string message_of_size(std::size_t number, std::size_t size) const;

  [[nodiscard]] Reading read(std::string_view stream) const;

 private:
  [[nodiscard]] std::size_t overhead() const;
  [[nodiscard]] std::string body(std::size_t number, std::size_t size) const;
  [[nodiscard]] std::string wrap(std::string body) const;
  [[nodiscard]] std::size_t first_size(std::string_view stream) const;

  Shape shape_;
  std::size_t largest_;
};

}  // namespace spillway::testing
