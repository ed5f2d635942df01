// The big buffers of a loop, lent to one connection at a time.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <span>

#include <spillway/byte_buffer.hpp>

namespace spillway {

/// A connection that is idle owns no read buffer: it borrows these while its bytes pass. What lies
/// in them is valid until the borrowing call returns to the loop.
class LoopBuffers {
 public:
  /// How much one read takes at most: some dozen TLS records.
  static constexpr std::size_t read_size = 256 * 1024;
  /// What a buffer may keep between uses; a giant send does not stay behind.
  static constexpr std::size_t keep_size = 1024 * 1024;

  /// Where the transport reads into.
  std::span<std::byte> read();
  /// What layer `level` made toward the application, and toward the wire. References stay valid
  /// as levels are added. Lent empty.
  ByteBuffer& up(std::size_t level);
  ByteBuffer& down(std::size_t level);
  /// Gives back the memory of an emptied buffer that grew past `keep_size`.
  static void trim(ByteBuffer& buffer);

 private:
  struct Level {
    ByteBuffer up;
    ByteBuffer down;
  };
  Level& level(std::size_t index);

  std::unique_ptr<std::byte[]> read_;
  std::deque<Level> levels_;
};

}  // namespace spillway
