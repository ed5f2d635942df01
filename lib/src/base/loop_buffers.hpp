// The big buffers of a loop, lent to one connection at a time.
#pragma once

#include <spillway/byte_buffer.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace spillway {

/// A connection that is idle owns no read buffer: it borrows these while its bytes pass.
class LoopBuffers {
 public:
  /// How much one read takes at most: some dozen TLS records.
  static constexpr std::size_t read_size = 256 * 1024;
  /// What a buffer may keep between uses; a giant send does not stay behind.
  static constexpr std::size_t keep_size = 1024 * 1024;

  /// An empty buffer, lent until the lease ends. Leases nest: a send from inside a delivery has
  /// buffers of its own.
  class Lease {
   public:
    explicit Lease(LoopBuffers& lender);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    ByteBuffer& operator*() const { return *buffer_; }
    ByteBuffer* operator->() const { return buffer_.get(); }

   private:
    LoopBuffers& lender_;
    std::unique_ptr<ByteBuffer> buffer_;
  };

  /// Where the transport reads into. What lies there is valid until the reading connection returns
  /// to the loop.
  std::span<std::byte> read();

 private:
  std::unique_ptr<std::byte[]> read_;
  std::vector<std::unique_ptr<ByteBuffer>> idle_;  // the one used last is lent first: it is warm
};

}  // namespace spillway
