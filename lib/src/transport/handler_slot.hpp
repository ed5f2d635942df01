// Memory for an asynchronous operation that is started again and again.
#pragma once

#include <array>
#include <cstddef>
#include <new>
#include <type_traits>

namespace spillway {

/// Room for one operation at a time; whatever does not fit goes to the heap. Asio recycles
/// memory only between handlers of one uninterrupted run, and a loop runs its context one handler
/// at a time: without the slot each wake-up would allocate.
class HandlerSlot {
 public:
  HandlerSlot() = default;
  HandlerSlot(const HandlerSlot&) = delete;
  HandlerSlot& operator=(const HandlerSlot&) = delete;

  void* allocate(std::size_t size) {
    if (taken_ || size > room_.size()) return ::operator new(size);
    taken_ = true;
    return room_.data();
  }

  void deallocate(void* memory) noexcept {
    if (memory == room_.data()) {
      taken_ = false;
    } else {
      ::operator delete(memory);
    }
  }

 private:
  alignas(std::max_align_t) std::array<std::byte, 256> room_;
  bool taken_ = false;
};

/// The slot as an allocator, for `boost::asio::bind_allocator`.
template <typename T>
class HandlerAllocator {
 public:
  using value_type = T;

  explicit HandlerAllocator(HandlerSlot& slot) : slot_(&slot) {}
  template <typename Other>
  HandlerAllocator(const HandlerAllocator<Other>& other) : slot_(other.slot_) {}

  T* allocate(std::size_t count) { return static_cast<T*>(slot_->allocate(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t) noexcept { slot_->deallocate(memory); }

  template <typename Other>
  bool operator==(const HandlerAllocator<Other>& other) const {
    return slot_ == other.slot_;
  }

 private:
  template <typename Other>
  friend class HandlerAllocator;

  HandlerSlot* slot_;
};

}  // namespace spillway
