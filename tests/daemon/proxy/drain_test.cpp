#include "daemon/proxy/drain.hpp"

#include "session_harness.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>

namespace spillway::testing {
namespace {

using std::chrono::seconds;

constexpr std::size_t many = 20;

class DrainTest : public ::testing::Test, protected SessionHarness {
 protected:
  DrainTest() {
    config.echo = true;
    for (Wire& wire : clients_) open(wire);
  }
  void pass(seconds time) {
    for (int i = 0; i < time.count() * 20; ++i) {
      clock.advance(std::chrono::milliseconds(50));
      run();
    }
  }
  proxy::Drain drain_of(proxy::Drain::Covers covers) {
    return {scheduler, sessions, std::move(covers), seconds(20), "drain"};
  }
  static bool all(const proxy::Session&) { return true; }

  std::array<Wire, many> clients_;
};

TEST_F(DrainTest, LeavesSessionsAloneInTheFirstHalf) {
  const auto drain = drain_of(all);
  pass(seconds(9));
  EXPECT_EQ(sessions.size(), many);
}

TEST_F(DrainTest, EndsThemAtAnEvenPaceInTheSecond) {
  const auto drain = drain_of(all);
  pass(seconds(15));
  EXPECT_NEAR(static_cast<double>(sessions.size()), many / 2.0, 2.0);
  EXPECT_FALSE(drain.is_over());
  pass(seconds(6));
  EXPECT_EQ(sessions.size(), 0U);
  EXPECT_TRUE(drain.is_over());
  EXPECT_EQ(drain.stopped(), many);
}

TEST_F(DrainTest, EndsOnlyThoseThatItCovers) {
  const auto drain = drain_of([](const proxy::Session& session) { return session.id() <= 5; });
  pass(seconds(21));
  EXPECT_EQ(sessions.size(), many - 5);
  EXPECT_EQ(drain.stopped(), 5U);
}

TEST_F(DrainTest, GivenUpItEndsNobody) {
  { const auto drain = drain_of(all); }
  pass(seconds(21));
  EXPECT_EQ(sessions.size(), many);
}

}  // namespace
}  // namespace spillway::testing
