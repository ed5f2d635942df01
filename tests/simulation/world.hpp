// All that is around one simulated connection.
#pragma once

#include "tests/simulation/layer_watch.hpp"
#include "tests/simulation/model.hpp"
#include "tests/simulation/pattern.hpp"
#include "tests/simulation/peer.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/socket.hpp"
#include "tests/simulation/stack.hpp"
#include "tests/simulation/trace.hpp"
#include "tests/simulation/verdict.hpp"

#include <spillway/clock.hpp>
#include <spillway/connection.hpp>
#include <spillway/scheduler.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace spillway::simulation {

/// What a run does with a connection. Shares are in permille.
struct Temper {
  /// The near layers' behaviour.
  FrameStyle style;
  /// How often the application acts inside a callback.
  std::size_t lively = 300;
  /// How often an act of the application is one that ends something.
  std::size_t ends = 0;
  /// How often the peer or the system breaks the connection.
  std::size_t breaks = 0;
  /// How many upgrades the application tries.
  int upgrades = 0;
};

struct World {
  World(std::uint64_t seed, Fault with_fault, Trace with_trace)
      : fault(with_fault), trace(std::move(with_trace)), random(seed) {
    socket.on_fin([this] { model.fin(); });
  }

  Fault fault;
  Trace trace;
  Random random;
  Verdict verdict;
  Side side = Side::server;
  Temper temper;
  ConnectionOptions options;
  ManualClock clock;
  Scheduler scheduler{clock};
  Pattern sends{1};
  Pattern answers{2};
  Socket socket{verdict, fault};
  LayerWatch layers{socket, verdict};
  Model model{socket, layers, clock, options, verdict};
  Peer peer{verdict, sends, answers};
  /// The peer's stream ended or broke: what it still makes goes nowhere.
  bool peer_gone = false;

  /// The peer reads at most `size` bytes of what the connection wrote.
  void peer_reads(std::size_t size) {
    ByteBuffer& output = socket.output();
    size = std::min(size, output.size());
    if (size == 0) return;
    peer.take_wire(output.data().first(size));
    output.consume(size);
  }
  /// At most `size` bytes of what is under way arrive.
  void arrive(std::size_t size) {
    ByteBuffer& under_way = peer.under_way();
    size = std::min(size, under_way.size());
    if (!peer_gone) socket.receive(under_way.data().first(size));
    under_way.consume(size);
  }
};

}  // namespace spillway::simulation
