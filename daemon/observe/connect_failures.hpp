// How often the servers of a route did not take a connection.
#pragma once

#include <spillway/close_reason.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace spillway::observe {

/// One per server that was tried in vain, by the reason that the log tells too. A server whose name
/// has several addresses is one.
class ConnectFailures {
 public:
  /// All that a server can fail by: `cancelled` is the session's own doing.
  static constexpr std::array reasons{
      FailureReason::resolve_failed,    FailureReason::refused,      FailureReason::unreachable,
      FailureReason::connect_timeout,   FailureReason::peer_ended,   FailureReason::reset,
      FailureReason::handshake_timeout, FailureReason::layer_failed, FailureReason::io_error};

  /// REQUIRES: one of `reasons`.
  void count(FailureReason reason) { ++counts_[index(reason)]; }
  [[nodiscard]] std::uint64_t of(FailureReason reason) const { return counts_[index(reason)]; }

  ConnectFailures& operator+=(const ConnectFailures& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    return *this;
  }

 private:
  static constexpr auto last = FailureReason::io_error;

  static constexpr std::size_t index(FailureReason reason) {
    return static_cast<std::size_t>(reason);
  }

  std::array<std::uint64_t, static_cast<std::size_t>(last) + 1> counts_{};
};

}  // namespace spillway::observe
