// A count of living things that ends with them.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace spillway {

/// Counts permits that are out. Shared by the permits, because they outlive who gave them.
class PermitCount {
 public:
  /// `limit` 0 = no limit. `on_returned` is called after each return.
  PermitCount(std::size_t limit, std::function<void()> on_returned)
      : limit_(limit), on_returned_(std::move(on_returned)) {}

  [[nodiscard]] std::size_t out() const { return out_; }
  [[nodiscard]] bool exhausted() const { return limit_ != 0 && out_ >= limit_; }
  /// Nobody is interested in returns any more.
  void disown() { on_returned_ = nullptr; }

 private:
  friend class Permit;

  std::size_t limit_;
  std::size_t out_ = 0;
  std::shared_ptr<PermitCount> self_;  // while any is out: one word for each permit is enough
  std::function<void()> on_returned_;
};

/// Counts for as long as it lives. An empty one counts nowhere.
class Permit {
 public:
  Permit() = default;
  explicit Permit(std::shared_ptr<PermitCount> count) : count_(count.get()) {
    if (count_->out_++ == 0) count_->self_ = std::move(count);
  }
  ~Permit() {
    if (count_ == nullptr) return;
    const std::shared_ptr<PermitCount> kept = count_->self_;
    if (--count_->out_ == 0) count_->self_.reset();
    if (count_->on_returned_) count_->on_returned_();
  }
  Permit(Permit&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  Permit& operator=(Permit&&) = delete;

 private:
  PermitCount* count_ = nullptr;
};

}  // namespace spillway
