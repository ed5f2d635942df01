#include <spillway/tls/record_buffers.hpp>

#include <openssl/crypto.h>
#include <openssl/ssl3.h>

#include <malloc.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace spillway {

namespace {

// Whatever is larger than a record's data and not larger than this is taken for a record's buffer;
// all of them have this size, so that each can serve for each. They begin at a page, which malloc's
// own hardly ever do: of most memory that is freed a look at the address says that it is none.
constexpr std::size_t page_size = 4096;
constexpr std::size_t buffer_size = 5 * page_size;

bool holds_a_record(std::size_t size) {
  return size > SSL3_RT_MAX_PLAIN_LENGTH && size <= buffer_size;
}

/// What one thread keeps. The one used last is taken first.
class Kept {
 public:
  ~Kept() {
    closed_ = true;
    while (count_ > 0) std::free(buffers_[--count_]);
  }
  void* take() {
    return count_ > 0 ? buffers_[--count_] : std::aligned_alloc(page_size, buffer_size);
  }
  /// False if there is no room for it.
  bool keep(void* buffer) {
    if (closed_ || count_ == buffers_.size()) return false;
    buffers_[count_++] = buffer;
    return true;
  }

 private:
  // One that is read into, one that is written to, and the same once more for nested sends.
  std::array<void*, 4> buffers_{};
  std::size_t count_ = 0;
  bool closed_ = false;  // OpenSSL cleans up behind a thread, too
};

thread_local Kept kept;

bool could_serve(void* memory) {
  if (memory == nullptr || reinterpret_cast<std::uintptr_t>(memory) % page_size != 0) return false;
  const std::size_t size = malloc_usable_size(memory);
  return size >= buffer_size && size < buffer_size + page_size;
}

void* allocate(std::size_t size, const char*, int) {
  if (size == 0) return nullptr;  // as OpenSSL's own
  return holds_a_record(size) ? kept.take() : std::malloc(size);
}

void* reallocate(void* memory, std::size_t size, const char*, int) {
  return std::realloc(memory, size);
}

void release(void* memory, const char*, int) {
  if (!could_serve(memory) || !kept.keep(memory)) std::free(memory);
}

}  // namespace

bool keep_record_buffers() { return CRYPTO_set_mem_functions(allocate, reallocate, release) == 1; }

}  // namespace spillway
