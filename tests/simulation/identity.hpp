// Who the simulated TLS servers are.
#pragma once

#include <spillway/tls/tls_options.hpp>

#include <cstdint>

namespace spillway::simulation {

/// A certificate whose size, and that of every signature made with its key, is always the same
/// (Ed25519): how many bytes a handshake has must not change from run to run.
CertificateAndKey fixed_identity();

/// Makes OpenSSL draw all its randomness from `seed`, so that a run with TLS replays to the byte.
/// For tests alone: there is no secret left.
void seed_tls(std::uint64_t seed);

}  // namespace spillway::simulation
