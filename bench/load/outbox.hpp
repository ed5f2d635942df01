// Bytes on their way into a socket.
#pragma once

#include "bench/load/bytes.hpp"
#include "bench/load/descriptor.hpp"

#include <vector>

namespace load {

/// Keeps what the kernel does not take.
class Outbox {
 public:
  /// All of `bytes` will go, after what is still here. THROWS: ConnectionLost.
  void send(const Descriptor& socket, Bytes bytes);
  /// Tries what is still here. THROWS: ConnectionLost.
  void flush(const Descriptor& socket);
  [[nodiscard]] bool empty() const { return sent_ == rest_.size(); }

 private:
  std::vector<std::byte> rest_;
  std::size_t sent_ = 0;  // of rest_
};

}  // namespace load
