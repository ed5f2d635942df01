#include "daemon/server/admin/latency_buckets.hpp"

#include "daemon/server/admin/seconds.hpp"

#include <chrono>

namespace spillway::server::admin {

namespace {

constexpr unsigned first_power = 4;  // 16 us
constexpr unsigned last_power = 26;  // 67 s

std::vector<LatencyBucket> buckets(const observe::RouteLatencyHistogram& latency, unsigned step) {
  std::vector<LatencyBucket> result;
  for (unsigned power = first_power; power <= last_power; power += step) {
    const std::uint64_t bound = std::uint64_t{1} << power;
    const observe::LatencySample last_below{std::chrono::microseconds(bound - 1)};
    result.push_back({seconds_of_us(bound), latency.count_up_to(last_below.bucket())});
  }
  return result;
}

}  // namespace

std::vector<LatencyBucket> coarse_buckets(const observe::RouteLatencyHistogram& latency) {
  return buckets(latency, 2);
}

std::vector<LatencyBucket> fine_buckets(const observe::RouteLatencyHistogram& latency) {
  return buckets(latency, 1);
}

}  // namespace spillway::server::admin
