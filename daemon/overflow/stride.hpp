// How much to offer a sink in one send.
#pragma once

#include <cstddef>
#include <cstdint>

namespace spillway::overflow {

/// A send that the sink takes in part leaves its rest in memory outside of the queue. So a sink
/// is offered little at a time until it has proved that it takes more, and again from the first
/// send on that it did not take whole; one that is fast gets a whole read in one gather write.
///
/// The system takes whole sends, too, while it fills its own buffers for a peer that reads nothing.
/// So the first proof is what the peer's system has acknowledged.
class Stride {
 public:
  static constexpr std::size_t cautious = 64 * 1024;
  /// A whole read of the connection, and what a TLS layer's remainder may add to it.
  static constexpr std::size_t full = 272 * 1024;

  [[nodiscard]] std::size_t limit() const { return is_trusted() ? full : cautious; }

  // Both return whether the limit has changed.

  /// `unacknowledged()`: bytes of all sends that the peer's system has yet to take. A system call,
  /// so it is asked once in a while, and not any more after the proof.
  template <class Unacknowledged>
  bool took_all(std::size_t bytes, Unacknowledged unacknowledged) {
    if (is_trusted()) return false;
    const std::size_t before = taken_ / enough;
    taken_ += static_cast<std::uint32_t>(bytes);
    if (taken_ / enough == before) return false;
    if (!proven_ && taken_ >= unacknowledged() + enough) proven_ = true;
    return is_trusted();
  }
  bool left_some() {
    if (!proven_) return false;
    const bool was_trusted = is_trusted();
    taken_ = 0;
    return was_trusted;
  }

 private:
  // More than the buffer that a peer's system offers one that has read nothing yet.
  static constexpr std::size_t enough = 256 * 1024;

  [[nodiscard]] bool is_trusted() const { return proven_ && taken_ >= enough; }

  std::uint32_t taken_ = 0;  // bytes of whole sends; since one was cut, once there is the proof
  bool proven_ = false;      // the peer reads
};

}  // namespace spillway::overflow
