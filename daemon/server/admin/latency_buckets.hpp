// A histogram of latencies with few bounds.
#pragma once

#include "daemon/observe/route_histogram.hpp"

#include <cstdint>
#include <vector>

namespace spillway::server::admin {

struct LatencyBucket {
  double bound_seconds;
  std::uint64_t count;  // of all below the bound
};

/// Bounds are powers of two in microseconds, at which the histogram's own buckets end: so no count
/// is an estimate. Each four times the one before, from 16 us to 67 s.
std::vector<LatencyBucket> coarse_buckets(const observe::RouteLatencyHistogram& latency);
/// Each twice the one before.
std::vector<LatencyBucket> fine_buckets(const observe::RouteLatencyHistogram& latency);

}  // namespace spillway::server::admin
