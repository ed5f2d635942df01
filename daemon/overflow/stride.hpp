// How much to offer a sink in one send.
#pragma once

#include <cstddef>
#include <cstdint>

namespace spillway::overflow {

/// A send that the sink takes in part leaves its rest in memory outside of the queue. So a sink
/// is offered little at a time until it has proved that it takes more, and again from the first
/// send on that it did not take whole; one that is fast gets a whole read in one gather write.
class Stride {
 public:
  static constexpr std::size_t cautious = 64 * 1024;
  /// A whole read of the connection, and what a TLS layer's remainder may add to it.
  static constexpr std::size_t full = 272 * 1024;

  [[nodiscard]] std::size_t limit() const { return is_trusted() ? full : cautious; }

  /// Both return whether the limit has changed.
  bool took_all(std::size_t bytes) {
    if (is_trusted()) return false;
    taken_whole_ += static_cast<std::uint32_t>(bytes);
    return is_trusted();
  }
  bool left_some() {
    const bool was_trusted = is_trusted();
    taken_whole_ = 0;
    return was_trusted;
  }

 private:
  static constexpr std::size_t trusted_after = 256 * 1024;

  [[nodiscard]] bool is_trusted() const { return taken_whole_ >= trusted_after; }

  std::uint32_t taken_whole_ = 0;  // bytes since the last send of which some was left
};

}  // namespace spillway::overflow
