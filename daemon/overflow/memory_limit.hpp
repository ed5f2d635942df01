// What all queues of the process may hold together.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace spillway::overflow {

/// The sum over all loops, and an alarm when it passes the limit. For any thread.
class MemoryLimit {
 public:
  /// `bytes` 0 = no limit: then nothing is counted. `on_exceeded` is called on the loop that passed
  /// the limit, once, until `rearm`; it must only note or post.
  MemoryLimit(std::size_t bytes, std::function<void()> on_exceeded);

  [[nodiscard]] std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  /// Whether there was a limit at first: if not, there can be none later.
  [[nodiscard]] bool counts() const { return counts_; }
  /// REQUIRES: counts().
  void set_bytes(std::size_t bytes) { bytes_.store(bytes, std::memory_order_relaxed); }
  [[nodiscard]] bool is_exceeded() const;
  /// The bytes counted now; each loop may be behind by what MemoryAccount keeps back.
  [[nodiscard]] std::size_t total() const;
  /// Lets the alarm sound again, when more is counted the next time. True if the limit was passed
  /// unheard meanwhile: then the alarm has sounded already, by this answer.
  bool rearm();
  /// The same where nothing can be done about it for now.
  void rest() { sounded_.store(false); }

 private:
  friend class MemoryAccount;
  void add(std::ptrdiff_t bytes);

  std::atomic<std::size_t> bytes_;
  const bool counts_;
  std::function<void()> on_exceeded_;
  std::atomic<std::ptrdiff_t> total_{0};
  std::atomic<bool> sounded_{false};
};

/// One loop's share of it. Passed on in steps, so that loops which queue at the same time do not
/// fight for one cache line. For the loop's thread.
class MemoryAccount {
 public:
  /// `limit` outlives the account.
  explicit MemoryAccount(MemoryLimit& limit);

  void add(std::size_t bytes) { change(static_cast<std::ptrdiff_t>(bytes)); }
  void remove(std::size_t bytes) { change(-static_cast<std::ptrdiff_t>(bytes)); }
  /// Passes on what is kept back.
  void pass_on();

 private:
  void change(std::ptrdiff_t bytes) {
    if (step_ == 0) return;
    kept_back_ += bytes;
    if (kept_back_ >= step_ || kept_back_ <= -step_) pass_on();
  }

  MemoryLimit& limit_;
  std::ptrdiff_t step_;  // 0 = nothing is counted
  std::ptrdiff_t kept_back_ = 0;
};

}  // namespace spillway::overflow
