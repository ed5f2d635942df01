#include "daemon/config/worst_case.hpp"

#include <gtest/gtest.h>

namespace spillway::config {
namespace {

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;
constexpr std::size_t max_message = 64 * kib;
// What each direction has besides its queue: see worst_case.cpp.
constexpr std::size_t besides = (4 + 272) * kib;

Overflow overflow(OverflowPolicy policy, std::size_t queue) {
  Overflow result;
  result.policy = policy;
  result.queue = queue;
  return result;
}

Route echo_route(std::size_t queue, std::size_t connections) {
  Route route;
  route.echo = true;
  route.to_client = overflow(OverflowPolicy::close, queue);
  route.limits.connections = connections;
  return route;
}

TEST(WorstCase, PauseHoldsTheReadThatFoundTheQueueFull) {
  const HeldMemory held = worst_case(overflow(OverflowPolicy::pause, 64 * kib), max_message);
  EXPECT_EQ(held.queued, (64 + 256) * kib);
  EXPECT_EQ(held.beside, 16 * kib + 16 * kib + besides);
  EXPECT_EQ(held.total(), held.queued + held.beside);
}

TEST(WorstCase, CloseHoldsNoMoreThanItsQueue) {
  EXPECT_EQ(worst_case(overflow(OverflowPolicy::close, 64 * kib), max_message).queued, 64 * kib);
  const HeldMemory without_queue = worst_case(overflow(OverflowPolicy::close, 0), max_message);
  EXPECT_EQ(without_queue.queued, 0U);
  EXPECT_EQ(without_queue.beside, besides);
}

TEST(WorstCase, DropHoldsTheMessageThatIsArriving) {
  for (const auto policy : {OverflowPolicy::drop_newest, OverflowPolicy::drop_oldest}) {
    const HeldMemory held = worst_case(overflow(policy, 1 * mib), max_message);
    EXPECT_EQ(held.queued, 1 * mib + max_message);
    EXPECT_EQ(held.beside, 3 * 16 * kib + 256 * kib + besides);
  }
}

TEST(WorstCase, DropWithoutQueueHoldsOneMessage) {
  EXPECT_EQ(worst_case(overflow(OverflowPolicy::drop_newest, 0), max_message).queued, max_message);
}

TEST(WorstCase, AQueueThatFillsNoChunkTakesAWholeOne) {
  const HeldMemory held = worst_case(overflow(OverflowPolicy::close, 1), max_message);
  EXPECT_EQ(held.total(), 2 * 16 * kib + besides);
}

TEST(WorstCase, AProxiedSessionHasTwoDirections) {
  Route route = echo_route(1 * mib, 1);
  const HeldMemory one = worst_case(route);
  route.echo = false;
  route.upstream = Upstream{};
  route.to_upstream = route.to_client;
  EXPECT_EQ(worst_case(route).queued, 2 * one.queued);
  EXPECT_EQ(worst_case(route).beside, 2 * one.beside);
}

TEST(WorstCase, SessionsAreLimitedByRouteAndProcess) {
  const auto sessions = [](std::size_t of_route, std::size_t of_process) {
    Limits limits;
    limits.connections = of_process;
    return most_sessions(echo_route(0, of_route), limits);
  };
  EXPECT_EQ(sessions(10, 0), 10U);
  EXPECT_EQ(sessions(0, 20), 20U);
  EXPECT_EQ(sessions(10, 20), 10U);
  EXPECT_EQ(sessions(20, 10), 10U);
  EXPECT_EQ(sessions(0, 0), std::nullopt);
}

TEST(WorstCase, RoutesAddUp) {
  Config config;
  config.routes = {echo_route(1 * mib, 10), echo_route(64 * kib, 20)};
  const auto memory = worst_case(config);
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->sessions, 30U);
  EXPECT_EQ(memory->queued, 10 * mib + 20 * 64 * kib);
  EXPECT_EQ(memory->total,
            10 * worst_case(config.routes[0]).total() + 20 * worst_case(config.routes[1]).total());
}

TEST(WorstCase, TheMostExpensiveSessionsComeFirstUpToTheLimitOfAll) {
  Config config;
  config.routes = {echo_route(64 * kib, 20), echo_route(1 * mib, 10)};
  config.limits.connections = 15;
  const auto memory = worst_case(config);
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->sessions, 15U);
  EXPECT_EQ(memory->queued, 10 * mib + 5 * 64 * kib);
  EXPECT_EQ(memory->total,
            10 * worst_case(config.routes[1]).total() + 5 * worst_case(config.routes[0]).total());
}

TEST(WorstCase, ALimitOfMemoryBoundsWhatWaitsInQueues) {
  Config config;
  config.routes = {echo_route(1 * mib, 100)};
  config.limits.memory = 8 * mib;
  const auto memory = worst_case(config);
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->queued, 100 * mib);
  EXPECT_EQ(memory->total, 8 * mib + 100 * worst_case(config.routes[0]).beside);

  config.limits.memory = 1000 * mib;
  EXPECT_EQ(worst_case(config)->total, 100 * worst_case(config.routes[0]).total());
}

TEST(WorstCase, OneRouteWithoutLimitLeavesAllWithoutBound) {
  Config config;
  config.limits.connections = 0;
  config.limits.memory = 1 * mib;
  config.routes = {echo_route(0, 1), echo_route(0, 0)};
  EXPECT_FALSE(worst_case(config));
}

TEST(WorstCase, WhatIsBeyondAllNumbersIsTheLargest) {
  Config config;
  config.limits.connections = 0;
  Route route = echo_route(std::size_t{1} << 30U, max_connections);
  config.routes.assign(100, route);
  EXPECT_EQ(worst_case(config)->total, SIZE_MAX);
}

}  // namespace
}  // namespace spillway::config
