#include "daemon/overflow/memory_limit.hpp"

#include <algorithm>
#include <utility>

namespace spillway::overflow {

namespace {

// A small part of the limit, so that it means what it says with few loops and with many.
std::ptrdiff_t step_of(std::size_t limit) {
  constexpr std::size_t most = 16 * 1024;
  constexpr std::size_t part = 256;
  if (limit == 0) return 0;
  return static_cast<std::ptrdiff_t>(std::clamp<std::size_t>(limit / part, 1, most));
}

}  // namespace

MemoryLimit::MemoryLimit(std::size_t bytes, std::function<void()> on_exceeded)
    : bytes_(bytes), counts_(bytes > 0), on_exceeded_(std::move(on_exceeded)) {}

std::size_t MemoryLimit::total() const {
  // Loops pass on their changes in any order: for a moment the sum may be below nothing.
  return static_cast<std::size_t>(
      std::max<std::ptrdiff_t>(total_.load(std::memory_order_relaxed), 0));
}

bool MemoryLimit::is_exceeded() const {
  const std::size_t most = bytes();
  return most > 0 && total() > most;
}

bool MemoryLimit::rearm() {
  sounded_.store(false);
  return is_exceeded() && !sounded_.exchange(true);
}

void MemoryLimit::add(std::ptrdiff_t bytes) {
  total_.fetch_add(bytes, std::memory_order_relaxed);
  if (bytes > 0 && is_exceeded() && !sounded_.exchange(true)) on_exceeded_();
}

MemoryAccount::MemoryAccount(MemoryLimit& limit) : limit_(limit), step_(step_of(limit.bytes())) {}

void MemoryAccount::pass_on() { limit_.add(std::exchange(kept_back_, 0)); }

}  // namespace spillway::overflow
