// The far end of a pipe's sink.
#pragma once

#include "tests/overflow_simulation/passed.hpp"
#include "tests/simulation/far_layer.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/socket.hpp"
#include "tests/simulation/verdict.hpp"

#include <spillway/byte_buffer.hpp>
#include <spillway/bytes.hpp>

#include <cstddef>
#include <optional>

namespace spillway::overflow_simulation {

/// Reads what the sink's socket wrote, as far as it is told to, and compares it byte by byte with
/// what was passed. With TLS it is the engine of the other side.
class Consumer {
 public:
  Consumer(simulation::Socket& socket, Passed& expected, simulation::Verdict& verdict)
      : socket_(socket), expected_(expected), verdict_(verdict) {}

  void speak(simulation::FarLayer layer);

  /// Reads at most `size` bytes of the wire. True if there were any.
  bool read(std::size_t size);
  /// Sends protocol bytes of its own, if it has a layer that is ready: the sink answers some.
  bool chatter();
  /// What comes from now on is not to be relied on.
  void leave() { gone_ = true; }
  [[nodiscard]] bool has_left() const { return gone_; }

 private:
  template <class Call>
  void run(Call call);
  void hear(Bytes plain);

  simulation::Socket& socket_;
  Passed& expected_;
  simulation::Verdict& verdict_;
  std::optional<simulation::FarLayer> far_;
  LayerStatus status_ = LayerStatus::handshaking;
  bool gone_ = false;
};

}  // namespace spillway::overflow_simulation
