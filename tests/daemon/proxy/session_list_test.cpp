// Sessions as they are seen and ended from outside.
#include "tests/daemon/proxy/session_harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SessionListTest : public ::testing::Test, protected SessionHarness {
 protected:
  [[nodiscard]] std::vector<std::uint64_t> ids(const observe::ConnectionQuery& query) const {
    std::vector<std::uint64_t> result;
    for (const auto& each : sessions.list(query).worst) result.push_back(each.id);
    return result;
  }
  /// Sessions must not outlive the wires that a test has on its stack.
  void end_all() {
    for (const std::uint64_t id : ids({.most = 10})) sessions.end(id);
    run();
    EXPECT_EQ(sessions.size(), 0U);
  }
  [[nodiscard]] observe::LiveConnection only() const {
    return sessions.list({.most = 1}).worst.at(0);
  }
};

TEST_F(SessionListTest, TellsWhatASessionIs) {
  open_connected();
  advance(5s);
  client.receives("question");
  upstream.receives("answer!");
  run();
  advance(2s);
  const auto live = only();
  EXPECT_EQ(live.id, 1U);
  EXPECT_EQ(live.route, "test");
  EXPECT_EQ(live.listen, "127.0.0.1:7007");
  EXPECT_EQ(live.phase, "data");
  EXPECT_EQ(live.age, 7s);
  EXPECT_EQ(live.idle, 2s);
  EXPECT_TRUE(live.has_upstream);
  EXPECT_EQ(live.to_upstream.bytes_out, 8U);
  EXPECT_EQ(live.to_client.bytes_out, 7U);
  EXPECT_FALSE(live.trouble.slow);
}

TEST_F(SessionListTest, TellsThePhase) {
  open_proxy();
  EXPECT_EQ(only().phase, "connect");
  servers.answer(upstream);
  run();
  EXPECT_EQ(only().phase, "data");
}

TEST_F(SessionListTest, TellsWhatWaitsForASlowClient) {
  open_connected();
  client.blocks();
  upstream.receives("first");
  upstream.receives("second");
  run();
  upstream.receives("third");
  run();
  advance(1s);
  const auto live = only();
  EXPECT_TRUE(live.trouble.slow);
  EXPECT_TRUE(live.to_client.slow);
  EXPECT_EQ(live.to_client.throttled, 1s);
  EXPECT_GT(live.to_client.queued_bytes, 0U);
  EXPECT_EQ(live.trouble.queued_bytes, live.to_client.queued_bytes);
  EXPECT_FALSE(live.to_upstream.slow);
}

TEST_F(SessionListTest, TellsTheWorstFirstAndNoMoreThanAskedFor) {
  config.echo = true;
  Wire quiet, slow, late;
  open(quiet);
  open(slow);
  open(late);
  for (Wire* wire : {&slow, &late}) {
    wire->blocks();
    wire->receives("first");
    wire->poll();
    run();
    wire->receives("second");
    wire->poll();
    advance(1s);
  }
  EXPECT_THAT(ids({.most = 10}), ElementsAre(2, 3, 1));
  EXPECT_THAT(ids({.most = 1}), ElementsAre(2));
  EXPECT_THAT(ids({.slow_only = true, .most = 10}), ElementsAre(2, 3));
  EXPECT_THAT(ids({.route = "test", .most = 10}), ElementsAre(2, 3, 1));
  EXPECT_THAT(ids({.route = "tes", .most = 10}), IsEmpty());
  EXPECT_EQ(sessions.list({.most = 1}).matching, 3U);
  end_all();
}

TEST_F(SessionListTest, EndsTheOneThatIsMeant) {
  open_connected();
  EXPECT_FALSE(sessions.end(2));
  EXPECT_TRUE(sessions.end(1));
  EXPECT_EQ(only().phase, "closing");
  EXPECT_FALSE(sessions.end(1));
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "KD admin admin");
  EXPECT_TRUE(client.aborted());
  EXPECT_TRUE(upstream.aborted());
  EXPECT_FALSE(sessions.end(1));
}

}  // namespace
}  // namespace spillway::testing
