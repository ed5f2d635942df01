#include "daemon/server/admin/survey.hpp"

#include "tests/daemon/server/admin/fake_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace spillway::testing {
namespace {

using server::WatchedLoop;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Pings = server::admin::Survey<bool>;

class SurveyTest : public ::testing::Test {
 protected:
  std::optional<Pings::Result> ask() {
    std::optional<Pings::Result> result;
    pings.ask([](WatchedLoop& loop, auto done) { loop.ping(std::move(done)); },
              [&result](Pings::Result told) { result = std::move(told); });
    EXPECT_FALSE(result) << "never from inside the question";
    control.restart();
    control.run();
    return result;
  }

  boost::asio::io_context control;
  FakeLoop loops[3];
  // Stuck loops are given up after a moment; the others need none.
  Pings pings{control, {&loops[0], &loops[1], &loops[2]}, std::chrono::milliseconds(1)};
};

TEST_F(SurveyTest, HasTheAnswersOfAllLoops) {
  const auto result = ask();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->answers.size(), 3U);
  EXPECT_THAT(result->silent, IsEmpty());
}

TEST_F(SurveyTest, NamesTheLoopsThatDoNotAnswer) {
  loops[0].stuck = loops[2].stuck = true;
  const auto result = ask();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->answers.size(), 1U);
  EXPECT_THAT(result->silent, ElementsAre(0, 2));
}

TEST_F(SurveyTest, ALateAnswerAnswersNobody) {
  loops[1].stuck = true;
  EXPECT_THAT(ask()->silent, ElementsAre(1));
  loops[1].wake();
  EXPECT_THAT(ask()->silent, IsEmpty());
}

TEST_F(SurveyTest, AStuckLoopIsNotAskedForEver) {
  loops[1].stuck = true;
  for (int i = 0; i < 100; ++i) EXPECT_THAT(ask()->silent, ElementsAre(1));
  EXPECT_LE(loops[1].questions, 32U);
  EXPECT_EQ(loops[0].questions, 100U);
  loops[1].wake();
  ask();
  EXPECT_THAT(ask()->silent, IsEmpty());
}

TEST_F(SurveyTest, AnswersWhenNobodyIsLeftToAsk) {
  for (FakeLoop& loop : loops) loop.stuck = true;
  for (int i = 0; i < 40; ++i) EXPECT_THAT(ask()->silent, ElementsAre(0, 1, 2));
}

}  // namespace
}  // namespace spillway::testing
