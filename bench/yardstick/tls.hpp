// The TLS of one loop: from bytes to bytes, through buffers that all its connections share.
#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace yardstick {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

using SslContextPtr = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using SslPtr = std::unique_ptr<SSL, Freed<SSL_free>>;
using Bytes = std::span<const char>;

/// Throws std::runtime_error, which names the file.
SslContextPtr make_context(const std::string& certificate, const std::string& key);

class Tls {
 public:
  enum class Status { open, ended, failed };

  struct Opened {
    Bytes plain;
    Status status;
  };

  /// What one call may be given.
  static constexpr std::size_t limit = 256 * 1024;

  explicit Tls(SSL_CTX* context);
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  SslPtr accept();

  // Each leaves what has to go to the client in output(). What they give is good until the next.
  Opened open(SSL* ssl, Bytes records);
  Bytes seal(SSL* ssl, Bytes plain);
  Bytes say_goodbye(SSL* ssl);
  Bytes output() const { return {output_.get(), output_size_}; }

 private:
  friend struct MemoryBio;

  SSL_CTX* context_;
  std::unique_ptr<BIO_METHOD, Freed<BIO_meth_free>> method_;
  std::unique_ptr<BIO, Freed<BIO_free>> bio_;
  Bytes input_;
  std::unique_ptr<char[]> plain_;
  std::unique_ptr<char[]> output_;
  std::size_t output_size_ = 0;
};

}  // namespace yardstick
