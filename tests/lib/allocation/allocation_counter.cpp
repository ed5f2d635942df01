#include "tests/lib/allocation/allocation_counter.hpp"

#include <spillway/tls/record_buffers.hpp>

#include <openssl/crypto.h>
#include <openssl/ssl3.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <stdexcept>

namespace {

std::atomic<std::size_t> count{0};
std::atomic<std::size_t> bookkeeping{0};

void* counted(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}

// A buffer for a record goes round; it is counted where one is made.
bool holds_a_record(std::size_t size) {
  return size > SSL3_RT_MAX_PLAIN_LENGTH && size <= 20 * 1024;
}

void count_openssl(std::size_t size) {
  if (!holds_a_record(size)) ++(size <= 64 ? bookkeeping : count);
}

// What the library gave OpenSSL: behind the counter goes on what would go on without it.
CRYPTO_malloc_fn library_malloc = nullptr;
CRYPTO_realloc_fn library_realloc = nullptr;
CRYPTO_free_fn library_free = nullptr;

void* openssl_malloc(std::size_t size, const char* file, int line) {
  count_openssl(size);
  return library_malloc(size, file, line);
}

void* openssl_realloc(void* memory, std::size_t size, const char* file, int line) {
  count_openssl(size);
  return library_realloc(memory, size, file, line);
}

void openssl_free(void* memory, const char* file, int line) { library_free(memory, file, line); }

}  // namespace

// NOLINTBEGIN: the replaceable functions of the language
void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
// What the library makes buffers for records with.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++count;
  void* memory = nullptr;
  return posix_memalign(&memory, alignment, size) == 0 ? memory : nullptr;
}
// NOLINTEND

namespace spillway::testing {

void count_openssl_allocations() {
  const bool kept = keep_record_buffers();
  CRYPTO_get_mem_functions(&library_malloc, &library_realloc, &library_free);
  if (!kept || CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) {
    throw std::logic_error("OpenSSL has allocated already");
  }
}

std::size_t allocations() { return count; }

std::size_t packet_bookkeeping() { return bookkeeping; }

}  // namespace spillway::testing
