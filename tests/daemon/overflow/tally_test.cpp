#include "daemon/overflow/tally.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace spillway::overflow {
namespace {

class TallyTest : public ::testing::Test {
 protected:
  observe::FlowMetrics route_;
  std::optional<Tally> first_{std::in_place, route_};
  std::optional<Tally> second_{std::in_place, route_};
};

TEST_F(TallyTest, CountsForTheSessionAndForTheRoute) {
  first_->count([](auto& counters) { counters.bytes_in += 5; });
  second_->count([](auto& counters) { counters.bytes_in += 7; });
  EXPECT_EQ(first_->counters().bytes_in, 5U);
  EXPECT_EQ(second_->counters().bytes_in, 7U);
  EXPECT_EQ(route_.counters.bytes_in, 12U);
}

TEST_F(TallyTest, ShowsTheQueuesOfAllSessionsTogether) {
  first_->show_queue(100, 2);
  second_->show_queue(50, 1);
  EXPECT_EQ(route_.queued_bytes, 150U);
  EXPECT_EQ(route_.queued_messages, 3U);
  first_->show_queue(10, 1);
  EXPECT_EQ(route_.queued_bytes, 60U);
  EXPECT_EQ(route_.queued_messages, 2U);
}

TEST_F(TallyTest, ShowsNothingOfASessionThatIsGone) {
  first_->show_queue(100, 2);
  second_->show_queue(50, 1);
  first_.reset();
  EXPECT_EQ(route_.queued_bytes, 50U);
  EXPECT_EQ(route_.queued_messages, 1U);
}

TEST_F(TallyTest, KeepsTheCountsOfASessionThatIsGone) {
  first_->count([](auto& counters) { counters.bytes_in = counters.bytes_out = 5; });
  first_.reset();
  EXPECT_EQ(route_.counters.bytes_in, 5U);
  EXPECT_EQ(route_.counters.unsent_bytes, 0U);
}

TEST_F(TallyTest, CountsAsUnsentWhatWasNeitherSentNorDropped) {
  first_->count([](auto& counters) {
    counters.bytes_in += 100;
    counters.bytes_out += 50;
  });
  first_->count_trouble([](auto& counters) {
    counters.dropped_by_policy.bytes += 20;
    counters.dropped_by_age.bytes += 7;
    counters.dropped_partial.bytes += 3;
  });
  EXPECT_EQ(route_.counters.unsent_bytes, 0U) << "it may still be sent";
  first_.reset();
  EXPECT_EQ(route_.counters.unsent_bytes, 20U);
}

TEST_F(TallyTest, RemembersTheDeepestQueueOfOneSession) {
  first_->note_depth(100);
  second_->note_depth(70);
  first_->note_depth(30);
  EXPECT_EQ(first_->queue_peak(), 100U);
  EXPECT_EQ(second_->queue_peak(), 70U);
  EXPECT_EQ(route_.queue_peak, 100U);
  EXPECT_EQ(route_.recent_queue_peak, 100U);
}

TEST_F(TallyTest, CountsTroublesBesideTheTraffic) {
  first_->count([](auto& counters) { counters.bytes_in = counters.messages_in = 5; });
  first_->count_trouble([](auto& counters) { ++counters.pauses; });
  second_->count_trouble([](auto& counters) { ++counters.pauses; });
  EXPECT_EQ(first_->counters(),
            (observe::FlowCounters{.bytes_in = 5, .messages_in = 5, .pauses = 1}));
  EXPECT_EQ(route_.counters.pauses, 2U);
}

TEST_F(TallyTest, TellsWhatHappenedInAnEpisodeFromWhatWasBefore) {
  EXPECT_EQ(first_->episode().queue_peak, 0U);
  const auto drop = [](auto& counters) {
    counters.dropped_by_age.messages += 1;
    counters.dropped_by_age.bytes += 10;
  };
  first_->begin_episode();
  first_->note_depth(100);
  first_->count_trouble(drop);
  EXPECT_EQ(first_->episode().queue_peak, 100U);
  EXPECT_EQ(first_->episode().dropped, (observe::FlowCounters::Dropped{1, 10}));
  first_->begin_episode();
  first_->note_depth(70);
  EXPECT_EQ(first_->episode().queue_peak, 70U);
  EXPECT_EQ(first_->episode().dropped, observe::FlowCounters::Dropped{});
  EXPECT_EQ(first_->queue_peak(), 100U);
}

TEST_F(TallyTest, FindsTheRecentPeakAnewOnceItWasReported) {
  first_->note_depth(100);
  route_.recent_queue_peak = 0;
  first_->note_depth(30);
  EXPECT_EQ(route_.recent_queue_peak, 30U);
  EXPECT_EQ(route_.queue_peak, 100U);
}

}  // namespace
}  // namespace spillway::overflow
