// What timers and deferred calls call.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace spillway {

/// Owns a callable without arguments or result, in two words. One that is trivial and no larger
/// than a pointer lies inside, as the `[this]` of an object's own timer does; any other is
/// allocated once, when the callback is made. Movable, and empty after a move.
class Callback {
 public:
  template <std::invocable Call>
  Callback(Call call) {  // implicit: callers write a lambda
    if constexpr (is_small<Call>) {
      kind_ = &small<Call>;
      ::new (static_cast<void*>(state_)) Call(std::move(call));
    } else {
      kind_ = &large<Call>;
      auto* const kept = new Call(std::move(call));
      std::memcpy(state_, &kept, sizeof(kept));
    }
  }
  ~Callback() { clear(); }
  Callback(Callback&& other) noexcept : kind_(std::exchange(other.kind_, nullptr)) {
    std::memcpy(state_, other.state_, sizeof(state_));
  }
  Callback& operator=(Callback&& other) noexcept {
    if (this == &other) return *this;
    clear();
    kind_ = std::exchange(other.kind_, nullptr);
    std::memcpy(state_, other.state_, sizeof(state_));
    return *this;
  }

  /// REQUIRES: not moved from.
  void operator()() { kind_->call(state_); }

 private:
  struct Kind {
    void (*call)(std::byte* state);
    void (*destroy)(std::byte* state);
  };

  // What can be moved by copying its bytes, and needs no destruction.
  template <class Call>
  static constexpr bool is_small =
      sizeof(Call) <= sizeof(void*) && std::is_trivially_copyable_v<Call>;

  template <class Call>
  static Call& kept_in(std::byte* state) {
    if constexpr (is_small<Call>) {
      return *std::launder(reinterpret_cast<Call*>(state));
    } else {
      Call* kept = nullptr;
      std::memcpy(&kept, state, sizeof(kept));
      return *kept;
    }
  }

  template <class Call>
  static constexpr Kind small{.call = [](std::byte* state) { kept_in<Call>(state)(); },
                              .destroy = [](std::byte*) {}};
  template <class Call>
  static constexpr Kind large{.call = [](std::byte* state) { kept_in<Call>(state)(); },
                              .destroy = [](std::byte* state) { delete &kept_in<Call>(state); }};

  void clear() {
    if (kind_ != nullptr) kind_->destroy(state_);
  }

  const Kind* kind_;
  alignas(void*) std::byte state_[sizeof(void*)] = {};
};

}  // namespace spillway
