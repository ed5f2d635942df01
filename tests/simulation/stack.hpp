// The layers of a run, on both sides.
#pragma once

#include "tests/simulation/far_layer.hpp"
#include "tests/simulation/frame_layer.hpp"
#include "tests/simulation/random.hpp"

#include <spillway/interceptor.hpp>

#include <cstdint>
#include <memory>

namespace spillway::simulation {

enum class Mode { plain, layered, tls };

enum class Side { server, client };

/// A layer for the connection and its counterpart for the peer.
struct LayerPair {
  std::unique_ptr<Interceptor> near;
  FarLayer far;
};

/// `near_style` is the connection's side; the peer's only answers and makes noise.
LayerPair frame_pair(Side near, const FrameStyle& near_style, Random& random);

/// Before a run with TLS: its handshakes depend on `seed` alone.
void start_tls_run(std::uint64_t seed);

/// OpenSSL on both sides, 1.2 or 1.3, the connection being `near`.
LayerPair tls_pair(Side near, Random& random);

}  // namespace spillway::simulation
