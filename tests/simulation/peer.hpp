// The other end of a simulated connection.
#pragma once

#include "tests/simulation/far_layer.hpp"
#include "tests/simulation/pattern.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/verdict.hpp"

#include <spillway/byte_buffer.hpp>
#include <spillway/bytes.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace spillway::simulation {

/// Has the counterparts of the connection's layers on it, compares what comes through them with
/// what was sent byte by byte, and makes wire bytes for the connection.
class Peer {
 public:
  Peer(Verdict& verdict, const Pattern& expected, const Pattern& sends)
      : verdict_(verdict), expected_(expected), sends_(sends) {}

  /// Puts a layer on top. It starts when those below are ready.
  void push(FarLayer layer);

  /// Wire bytes came from the connection.
  void take_wire(Bytes wire);
  void send(std::size_t size);
  void chatter(Random& random);
  void say_goodbye();
  /// Bytes that no layer understands; nothing is to be expected of anybody afterwards.
  void send_garbage(Random& random);

  /// What is under way to the connection.
  ByteBuffer& under_way() { return under_way_; }

  [[nodiscard]] bool ready() const;
  [[nodiscard]] bool said_goodbye() const { return said_goodbye_; }
  [[nodiscard]] bool sent_garbage() const { return sent_garbage_; }
  /// Plain bytes.
  [[nodiscard]] std::size_t bytes_received() const { return received_; }
  [[nodiscard]] std::size_t bytes_sent() const { return sent_; }
  /// Every layer heard the connection's goodbye.
  [[nodiscard]] bool heard_goodbye() const;

 private:
  struct Entry {
    FarLayer far;
    LayerStatus status = LayerStatus::handshaking;
    bool set_up = false;
  };

  template <class Call>
  void run(std::size_t level, Call call);
  void start_level(std::size_t level);
  void go_up(std::size_t level, Bytes bytes);
  void go_down(std::size_t level, Bytes bytes);
  [[nodiscard]] static bool is_ready(const Entry& entry);

  Verdict& verdict_;
  Pattern expected_;
  Pattern sends_;
  std::vector<Entry> entries_;
  ByteBuffer under_way_;
  std::size_t received_ = 0;
  std::size_t sent_ = 0;
  bool said_goodbye_ = false;
  bool sent_garbage_ = false;
};

}  // namespace spillway::simulation
