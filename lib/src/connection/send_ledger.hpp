// Which sends were accepted, which are with the operating system, which were reported.
#pragma once

#include <spillway/send.hpp>

#include <cassert>
#include <cstdint>

namespace spillway {

/// Three counters that never pass each other: reported <= completed <= issued. At most the last
/// send is incomplete (SC-9), so that counters are all there is to remember.
class SendLedger {
 public:
  SendToken issue() {
    assert(completed_ == issued_);
    return SendToken(++issued_);
  }

  /// The last byte of every issued send is with the operating system.
  void complete() { completed_ = issued_; }

  [[nodiscard]] bool has_report() const { return reported_ < completed_; }

  /// The next token to report. REQUIRES: has_report().
  SendToken report() { return SendToken(++reported_); }

  [[nodiscard]] std::uint64_t last_issued() const { return issued_; }
  [[nodiscard]] std::uint64_t last_reported() const { return reported_; }

 private:
  std::uint64_t issued_ = 0;
  std::uint64_t completed_ = 0;
  std::uint64_t reported_ = 0;
};

}  // namespace spillway
