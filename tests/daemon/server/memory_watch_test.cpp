#include "daemon/server/memory_watch.hpp"

#include "tests/daemon/support/recorded_log.hpp"

#include <spillway/resolver.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <vector>

namespace spillway::server {
namespace {

constexpr std::size_t kib = 1024;

/// One loop without sessions, which answers once it is started.
class MemoryWatchTest : public ::testing::Test {
 protected:
  MemoryWatchTest() {
    workers_.push_back(
        std::make_unique<Worker>(Worker::Place{.index = 0, .count = 1},
                                 Worker::Surroundings{log_, *resolver_, watch_.limit(), clients_}));
  }
  ~MemoryWatchTest() override {
    for (const auto& worker : workers_) worker->join();
  }

  void hold(std::size_t bytes) {
    account_.add(bytes);
    account_.pass_on();
  }
  void start_loop() {
    for (const auto& worker : workers_) worker->start();
  }
  /// What waits for the control, without waiting for a loop.
  std::size_t poll() {
    control_.restart();
    return control_.poll();
  }
  /// The loop's answer comes, which ends a round here: there is no session to end.
  bool is_answered() {
    const auto work = boost::asio::make_work_guard(control_);
    control_.restart();
    return control_.run_one_for(std::chrono::seconds(20)) == 1;
  }

  boost::asio::io_context control_;
  testing::RecordedLog log_;
  const std::unique_ptr<Resolver> resolver_ = system_resolver();
  proxy::ConnectionLimit clients_{0};
  MemoryWatch watch_{control_, 100 * kib, workers_};  // outlives the workers, as in the server
  std::vector<std::unique_ptr<Worker>> workers_;
  overflow::MemoryAccount account_{watch_.limit()};
};

TEST_F(MemoryWatchTest, ALowerLimitCountsForWhatIsHeldAlready) {
  start_loop();
  hold(80 * kib);
  EXPECT_EQ(poll(), 0U);
  watch_.set_limit(60 * kib);
  EXPECT_TRUE(is_answered());
}

TEST_F(MemoryWatchTest, AnotherLimitThatIsNotPassedAsksNobody) {
  start_loop();
  hold(80 * kib);
  for (const std::size_t limit : {90 * kib, std::size_t{0}, 80 * kib}) {
    watch_.set_limit(limit);
    EXPECT_EQ(poll(), 0U) << limit;
  }
}

// The question is on its way when the limit goes: its answer ends the round, and the next limit
// that is passed begins another.
TEST_F(MemoryWatchTest, SurvivesThatTheLimitGoesInTheMiddleOfARound) {
  hold(120 * kib);
  EXPECT_EQ(poll(), 1U);  // the alarm
  watch_.set_limit(0);
  start_loop();
  EXPECT_TRUE(is_answered());
  EXPECT_EQ(poll(), 0U);

  hold(10 * kib);  // no alarm: there is no limit
  EXPECT_EQ(poll(), 0U);
  watch_.set_limit(100 * kib);
  EXPECT_TRUE(is_answered());
}

// Asked for once, however often the limit changes meanwhile.
TEST_F(MemoryWatchTest, HasOneRoundAtATime) {
  hold(120 * kib);
  EXPECT_EQ(poll(), 1U);
  watch_.set_limit(50 * kib);
  watch_.set_limit(40 * kib);
  start_loop();
  EXPECT_TRUE(is_answered());
  EXPECT_EQ(poll(), 0U);
}

TEST_F(MemoryWatchTest, SoundsAgainAfterARoundThatFoundNothingToEnd) {
  hold(120 * kib);
  EXPECT_EQ(poll(), 1U);
  start_loop();
  EXPECT_TRUE(is_answered());
  hold(1 * kib);
  EXPECT_GE(poll(), 1U);  // the alarm
}

}  // namespace
}  // namespace spillway::server
