// How many clients there may be at a time.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>

namespace spillway::proxy {

/// For all loops: counted once per client, and not per message. Outlives its places.
class ConnectionLimit {
 public:
  /// One client's place, given back when it is destroyed.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept : limit_(std::exchange(other.limit_, nullptr)) {}
    Place& operator=(Place&& other) noexcept {
      std::swap(limit_, other.limit_);
      return *this;
    }
    ~Place() {
      if (limit_ != nullptr) limit_->taken_.fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    friend class ConnectionLimit;
    explicit Place(ConnectionLimit& limit) : limit_(&limit) {}

    ConnectionLimit* limit_ = nullptr;
  };

  /// 0 = no limit.
  explicit ConnectionLimit(std::size_t most) : most_(most) {}

  /// None when all places are taken.
  std::optional<Place> take() {
    std::size_t taken = taken_.load(std::memory_order_relaxed);
    do {
      if (const std::size_t most = this->most(); most > 0 && taken >= most) return std::nullopt;
    } while (!taken_.compare_exchange_weak(taken, taken + 1, std::memory_order_relaxed));
    return Place(*this);
  }
  /// For the moment.
  [[nodiscard]] bool has_room() const { return most() == 0 || taken() < most(); }
  [[nodiscard]] std::size_t most() const { return most_.load(std::memory_order_relaxed); }
  /// For who comes from now on; who is there stays.
  void set_most(std::size_t most) { most_.store(most, std::memory_order_relaxed); }
  /// Places in use.
  [[nodiscard]] std::size_t taken() const { return taken_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> most_;
  std::atomic<std::size_t> taken_{0};
};

}  // namespace spillway::proxy
