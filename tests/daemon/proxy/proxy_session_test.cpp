#include "tests/daemon/proxy/session_harness.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;

class ProxySessionTest : public ::testing::Test, protected SessionHarness {};

TEST_F(ProxySessionTest, RelaysInBothDirections) {
  open_connected();
  client.receives("question");
  upstream.receives("answer");
  run();
  EXPECT_EQ(upstream.written(), "question");
  EXPECT_EQ(client.written(), "answer");
}

TEST_F(ProxySessionTest, KeepsWhatTheClientSendsWhileTheUpstreamIsDialled) {
  open_proxy();
  client.receives("early");
  run();
  servers.answer(upstream);
  run();
  EXPECT_EQ(upstream.written(), "early");
}

TEST_F(ProxySessionTest, StopsReadingWhenTooMuchComesBeforeTheUpstream) {
  config.to_upstream.queue = 4;
  open_proxy();
  client.receives("more than four");
  client.receives("held back");
  run();
  EXPECT_FALSE(client.interest().readable);
  servers.answer(upstream);
  run();
  EXPECT_EQ(upstream.written(), "more than fourheld back");
}

// SC-24: a half-close goes through, and leaves the other direction open.
TEST_F(ProxySessionTest, RelaysEachEndByItself) {
  open_connected();
  client.receives("question");
  client.ends();
  run();
  EXPECT_TRUE(upstream.fin());
  EXPECT_FALSE(client.fin());
  upstream.receives("answer");
  upstream.ends();
  run();
  EXPECT_EQ(client.written(), "answer");
  EXPECT_TRUE(client.fin());
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(upstream.closed());
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "-- client ended");
  EXPECT_EQ(closed("bytes_up"), "8");
  EXPECT_EQ(closed("bytes_down"), "6");
}

TEST_F(ProxySessionTest, SaysWhichSideEndedFirst) {
  open_connected();
  upstream.ends();
  run();
  client.ends();
  run();
  EXPECT_EQ(end(), "-- upstream ended");
}

TEST_F(ProxySessionTest, DoesNotEndBeforeASlowClientHasEverything) {
  open_connected();
  client.blocks();
  upstream.receives("one");
  upstream.receives("two");
  upstream.ends();
  run();
  client.ends();
  run();
  EXPECT_EQ(sessions.size(), 1U);
  EXPECT_FALSE(client.fin());
  client.takes(Wire::unlimited);
  run();
  EXPECT_EQ(client.written(), "onetwo");
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "-- upstream ended");
}

TEST_F(ProxySessionTest, PassesAClientsResetOnAsAReset) {
  open_connected();
  client.resets();
  run();
  EXPECT_TRUE(upstream.aborted());
  EXPECT_FALSE(upstream.fin());
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "CD client reset");
}

TEST_F(ProxySessionTest, PassesAnUpstreamsResetOnAsAReset) {
  open_connected();
  upstream.resets();
  run();
  EXPECT_TRUE(client.aborted());
  EXPECT_FALSE(client.fin());
  EXPECT_EQ(end(), "SD upstream reset");
}

TEST_F(ProxySessionTest, PassesOnAResetThatComesAfterTheOtherSidesEnd) {
  open_connected();
  upstream.ends();
  run();
  ASSERT_TRUE(client.fin());
  client.resets();
  run();
  EXPECT_TRUE(upstream.aborted());
  EXPECT_EQ(end(), "CD client reset");
}

// SC-16: what the upstream's system took before the client was lost is counted.
TEST_F(ProxySessionTest, CountsExactlyWhatWasHandedOverBeforeTheLoss) {
  open_connected();
  upstream.takes(4);
  client.receives("four");
  run();
  client.receives("and more");
  client.resets();
  run();
  EXPECT_EQ(closed("bytes_up"), "4");
  EXPECT_EQ(closed("unsent_bytes"), "8");
}

TEST_F(ProxySessionTest, SeesTheClientsResetWhileItIsPaused) {
  config.to_upstream.queue = 0;
  open_connected();
  upstream.blocks();
  client.receives("first");
  client.receives("second");
  run();
  ASSERT_FALSE(client.interest().readable);
  client.resets();
  run();
  EXPECT_EQ(end(), "CD client reset");
  EXPECT_EQ(closed("pauses"), "1");
}

TEST_F(ProxySessionTest, ResetsTheClientWhenNoUpstreamAnswers) {
  open_proxy();
  client.receives("hello?");
  run();
  servers.fail(FailureReason::refused, "upstream:1: Connection refused");
  run();
  EXPECT_TRUE(client.aborted());
  EXPECT_FALSE(client.fin());
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "SC upstream refused");
  EXPECT_EQ(value(log.only("upstream_failed"), "detail"), "upstream:1: Connection refused");
}

// All ports towards it are used up: the server is not to blame.
TEST_F(ProxySessionTest, BlamesItselfWhenNoPortIsLeft) {
  open_proxy();
  servers.fail(FailureReason::unreachable, {},
               make_error_code(boost::system::errc::address_not_available));
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "PC proxy unreachable");
}

TEST_F(ProxySessionTest, CountsEachServerThatDoesNotTakeTheConnection) {
  config.upstream = config::Upstream{.servers = {HostPort{"one", 1}, HostPort{"two", 1}}};
  const auto failed = [this](FailureReason reason) { return metrics.connect_failures.of(reason); };
  open();
  servers.fail(FailureReason::refused);
  run();
  EXPECT_EQ(failed(FailureReason::refused), 1U);
  servers.fail(FailureReason::connect_timeout);
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(failed(FailureReason::refused), 1U);
  EXPECT_EQ(failed(FailureReason::connect_timeout), 1U);
}

TEST_F(ProxySessionTest, GivesUpDiallingWhenTheClientIsLost) {
  open_proxy();
  client.resets();
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "CC client reset");
  EXPECT_EQ(servers.alive, 0);
  EXPECT_EQ(log.count("upstream_failed"), 0U);
  for (const FailureReason reason : observe::ConnectFailures::reasons) {
    EXPECT_EQ(metrics.connect_failures.of(reason), 0U) << to_string(reason);
  }
}

TEST_F(ProxySessionTest, EndsTheUpstreamThatAnswersAfterTheClientsEnd) {
  open_proxy();
  client.receives("all");
  client.ends();
  run();
  servers.answer(upstream);
  run();
  EXPECT_EQ(upstream.written(), "all");
  EXPECT_TRUE(upstream.fin());
}

TEST_F(ProxySessionTest, AHalfClosedSessionHasLimitedTime) {
  config.timeouts.half_close = 5s;
  open_connected();
  client.ends();
  run();
  advance(4s);
  upstream.receives("progress");
  run();
  advance(4s);
  EXPECT_EQ(sessions.size(), 1U);
  advance(1s);
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "TD timeout half_close");
  EXPECT_TRUE(client.aborted());
  EXPECT_TRUE(upstream.aborted());
}

TEST_F(ProxySessionTest, TheLifetimeEndsABusySession) {
  config.timeouts.lifetime = 10s;
  open_connected();
  for (int second = 0; second < 10; ++second) {
    client.receives("x");
    run();
    advance(1s);
  }
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "TD timeout lifetime");
}

TEST_F(ProxySessionTest, ASlowReaderIsNotIdle) {
  config.timeouts.idle = 10s;
  open_connected();
  client.blocks();
  upstream.receives(std::string(60'000, 'x'));
  run();
  for (int i = 0; i < 10; ++i) {
    advance(9s);
    client.takes(1);
    run();
  }
  EXPECT_EQ(sessions.size(), 1U);
  client.blocks();
  advance(10s);  // the last byte was taken since the last look
  advance(10s);
  EXPECT_EQ(end(), "TD timeout idle");
}

TEST_F(ProxySessionTest, CanBeStoppedInEachPhase) {
  open_proxy();
  sessions.stop_all("drain_timeout");
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "DC drain drain_timeout");

  log.events.clear();
  Wire second_client;
  open(second_client);
  servers.answer(upstream);
  run();
  sessions.stop_all("stopped");
  run();
  EXPECT_EQ(end(), "DD drain stopped");
  EXPECT_TRUE(second_client.aborted());
  EXPECT_TRUE(upstream.aborted());
}

// Reaching the server may take longer than a session may be idle.
TEST_F(ProxySessionTest, IsIdleFromWhenBytesCanPass) {
  config.timeouts.idle = 3s;
  open_proxy();
  advance(4s);
  servers.answer(upstream);
  run();
  advance(2s);
  EXPECT_EQ(sessions.size(), 1U);
  advance(1s);
  EXPECT_EQ(end(), "TD timeout idle");
}

TEST_F(ProxySessionTest, IsIdleFromTheLastByteThatASlowReaderTook) {
  config.timeouts.idle = 10s;
  open_connected();
  client.blocks();
  upstream.receives(std::string(60'000, 'x'));
  run();
  advance(9s);
  client.takes(60'000);
  run();
  advance(10s);
  EXPECT_EQ(end(), "TD timeout idle");
}

TEST_F(ProxySessionTest, SaysWhenTheLastOneHasEnded) {
  int told = 0;
  open_connected();
  sessions.when_empty([&told] { ++told; });
  EXPECT_EQ(told, 0);
  client.resets();
  run();
  EXPECT_EQ(told, 1);
  sessions.when_empty([&told] { ++told; });
  EXPECT_EQ(told, 2);
}

}  // namespace
}  // namespace spillway::testing
