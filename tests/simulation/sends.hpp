// What became of each accepted send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace spillway::simulation {

/// Knows each accepted send by the place in the wire's stream where it ends, and so which of them
/// the system has whole.
class Sends {
 public:
  void accepted(std::size_t wire_end, std::size_t plain_end) {
    ends_.push_back({.wire = wire_end, .plain = plain_end});
  }
  void reported() { ++reported_; }

  [[nodiscard]] std::uint64_t next_id() const { return ends_.size() + 1; }
  [[nodiscard]] std::uint64_t count_reported() const { return reported_; }
  /// How many the system has whole when it has taken `written` bytes.
  [[nodiscard]] std::uint64_t count_completed(std::size_t written) const {
    std::uint64_t completed = reported_;
    while (completed < ends_.size() && ends_[completed].wire <= written) ++completed;
    return completed;
  }
  [[nodiscard]] bool all_reported() const { return reported_ == ends_.size(); }
  /// Where the last accepted one ends.
  [[nodiscard]] std::size_t wire_end() const { return ends_.empty() ? 0 : ends_.back().wire; }
  /// Plain bytes of all sends that were reported, and of all that were accepted.
  [[nodiscard]] std::size_t plain_reported() const {
    return reported_ == 0 ? 0 : ends_[reported_ - 1].plain;
  }
  [[nodiscard]] std::size_t plain_accepted() const {
    return ends_.empty() ? 0 : ends_.back().plain;
  }

 private:
  struct End {
    std::size_t wire;
    std::size_t plain;
  };
  std::vector<End> ends_;
  std::uint64_t reported_ = 0;
};

}  // namespace spillway::simulation
