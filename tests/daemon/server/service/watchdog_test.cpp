#include "daemon/server/service/watchdog.hpp"

#include "tests/daemon/server/admin/fake_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <vector>

namespace spillway::testing {
namespace {

using server::service::Watchdog;
using ::testing::Each;
using ::testing::ElementsAre;

class WatchdogTest : public ::testing::Test {
 protected:
  void run_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition() && std::chrono::steady_clock::now() < end) control.run_one_until(end);
    ASSERT_TRUE(condition());
  }
  void run_until_fed(std::size_t times) {
    run_until([this, goal = fed + times] { return fed >= goal; });
  }
  void run_until_withheld(std::size_t times) {
    run_until([this, goal = withheld.size() + times] { return withheld.size() >= goal; });
  }

  boost::asio::io_context control;
  FakeLoop loops[3];
  std::size_t fed = 0;
  std::vector<std::vector<std::size_t>> withheld;
  Watchdog watchdog{control,
                    {&loops[0], &loops[1], &loops[2]},
                    std::chrono::milliseconds(20),
                    {.feed = [this] { ++fed; },
                     .withhold = [this](const auto& silent) { withheld.push_back(silent); }}};
};

TEST_F(WatchdogTest, IsNotFedBeforeItsStart) {
  control.run();
  EXPECT_EQ(fed, 0U);
}

TEST_F(WatchdogTest, IsFedAgainAndAgainWhileEveryLoopAnswers) {
  watchdog.start();
  run_until_fed(5);
  for (const FakeLoop& loop : loops) EXPECT_GE(loop.questions, fed);
}

TEST_F(WatchdogTest, IsFedTwiceInEachInterval) {
  watchdog.start();
  const auto start = std::chrono::steady_clock::now();
  run_until_fed(5);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(4 * 10));
}

TEST_F(WatchdogTest, IsNotFedWhileOneLoopIsSilent) {
  loops[1].stuck = true;
  watchdog.start();
  run_until_withheld(5);
  EXPECT_EQ(fed, 0U);
  EXPECT_THAT(withheld, Each(ElementsAre(1)));
}

TEST_F(WatchdogTest, StarvesFromTheMomentALoopHangs) {
  watchdog.start();
  run_until_fed(3);
  loops[0].stuck = loops[2].stuck = true;
  run_until_withheld(1);
  const std::size_t before = fed;
  run_until_withheld(40);  // long after the stuck loops are not even asked any more
  EXPECT_EQ(fed, before);
  EXPECT_THAT(withheld, Each(ElementsAre(0, 2)));
}

TEST_F(WatchdogTest, IsFedAgainOnceTheLoopTurns) {
  loops[1].stuck = true;
  watchdog.start();
  run_until_withheld(2);
  loops[1].wake();
  run_until_fed(3);
}

}  // namespace
}  // namespace spillway::testing
