#include "tests/lib/allocation/allocation_counter.hpp"

#include <openssl/crypto.h>

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

void count_openssl(std::size_t size) { ++(size <= 64 ? bookkeeping : count); }

void* openssl_malloc(std::size_t size, const char*, int) {
  count_openssl(size);
  return std::malloc(size);
}

void* openssl_realloc(void* memory, std::size_t size, const char*, int) {
  count_openssl(size);
  return std::realloc(memory, size);
}

void openssl_free(void* memory, const char*, int) { std::free(memory); }

}  // namespace

// NOLINTBEGIN: the replaceable functions of the language
void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
// NOLINTEND

namespace spillway::testing {

void count_openssl_allocations() {
  if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) {
    throw std::logic_error("OpenSSL has allocated already");
  }
}

std::size_t allocations() { return count; }

std::size_t packet_bookkeeping() { return bookkeeping; }

}  // namespace spillway::testing
