// The server behind the proxy.
#pragma once

#include "bench/load/address.hpp"
#include "bench/load/backend_connection.hpp"
#include "bench/load/event_loop.hpp"
#include "bench/load/shared_buffers.hpp"

#include <memory>
#include <vector>

namespace load {

class Backend : private Ready {
 public:
  /// THROWS: Failure.
  Backend(EventLoop& loop, SharedBuffers& buffers, const Pattern& pattern, const Address& address);

 private:
  void on_ready(std::uint32_t events) override;

  EventLoop& loop_;
  SharedBuffers& buffers_;
  const Pattern& pattern_;
  Descriptor listener_;
  std::size_t accepted_ = 0;
  std::vector<std::unique_ptr<BackendConnection>> connections_;  // by descriptor
};

}  // namespace load
