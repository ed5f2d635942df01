#include <spillway/scheduler.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace spillway {
namespace {

using std::chrono::milliseconds;

class SchedulerTest : public ::testing::Test {
 protected:
  ManualClock clock;
  Scheduler scheduler{clock};
  std::string log;

  auto says(char letter) {
    return [this, letter] { log += letter; };
  }
};

TEST_F(SchedulerTest, RunsDeferredCallsOnceInTheOrderOfScheduling) {
  DeferredCall a(scheduler, says('a'));
  DeferredCall b(scheduler, says('b'));
  b.schedule();
  a.schedule();
  b.schedule();
  EXPECT_TRUE(scheduler.has_work());
  scheduler.run_turn();
  scheduler.run_turn();
  EXPECT_EQ(log, "ba");
  EXPECT_FALSE(scheduler.has_work());
}

TEST_F(SchedulerTest, RunsWhatDeferredCallsScheduleInTheSameTurn) {
  DeferredCall b(scheduler, says('b'));
  DeferredCall a(scheduler, [&] { b.schedule(); });
  a.schedule();
  scheduler.run_turn();
  EXPECT_EQ(log, "b");
}

TEST_F(SchedulerTest, EndsATurnWhoseCallsKeepSchedulingThemselves) {
  int runs = 0;
  std::unique_ptr<DeferredCall> forever;
  forever = std::make_unique<DeferredCall>(scheduler, [&] {
    ++runs;
    forever->schedule();
  });
  forever->schedule();
  scheduler.run_turn();
  EXPECT_GT(runs, 0);
  EXPECT_LT(runs, 1000);
  EXPECT_TRUE(scheduler.has_work());
}

TEST_F(SchedulerTest, ForgetsCancelledAndDestroyedCalls) {
  DeferredCall a(scheduler, says('a'));
  DeferredCall c(scheduler, says('c'));
  {
    DeferredCall b(scheduler, says('b'));
    a.schedule();
    b.schedule();
    c.schedule();
  }
  a.cancel();
  scheduler.run_turn();
  EXPECT_EQ(log, "c");
}

TEST_F(SchedulerTest, DeferredCallMayCancelTheLastOneOfTheRound) {
  DeferredCall b(scheduler, says('b'));
  DeferredCall a(scheduler, [&] {
    log += 'a';
    b.cancel();
  });
  a.schedule();
  b.schedule();
  scheduler.run_turn();
  EXPECT_EQ(log, "a");
}

TEST_F(SchedulerTest, RunsTimersInTheOrderOfTheirTimes) {
  Timer late(scheduler, says('l'));
  Timer early(scheduler, says('e'));
  late.expires_after(milliseconds(20));
  early.expires_after(milliseconds(10));
  EXPECT_EQ(scheduler.next_deadline(), early.expiry());
  scheduler.run_turn();
  EXPECT_EQ(log, "");
  clock.advance(milliseconds(10));
  scheduler.run_turn();
  EXPECT_EQ(log, "e");
  EXPECT_FALSE(early.armed());
  clock.advance(milliseconds(10));
  scheduler.run_turn();
  EXPECT_EQ(log, "el");
  EXPECT_EQ(scheduler.next_deadline(), std::nullopt);
}

TEST_F(SchedulerTest, RearmingMovesATimer) {
  Timer timer(scheduler, says('t'));
  timer.expires_after(milliseconds(10));
  timer.expires_after(milliseconds(30));
  clock.advance(milliseconds(20));
  scheduler.run_turn();
  EXPECT_EQ(log, "");
  clock.advance(milliseconds(10));
  scheduler.run_turn();
  EXPECT_EQ(log, "t");
}

TEST_F(SchedulerTest, ATimerThatRearmsItselfForNowRunsOncePerTurn) {
  int runs = 0;
  std::unique_ptr<Timer> timer;
  timer = std::make_unique<Timer>(scheduler, [&] {
    ++runs;
    timer->expires_after(milliseconds(0));
  });
  timer->expires_after(milliseconds(0));
  scheduler.run_turn();
  EXPECT_EQ(runs, 1);
  scheduler.run_turn();
  EXPECT_EQ(runs, 2);
}

TEST_F(SchedulerTest, KeepsManyTimersInOrderThroughArmingAndCancelling) {
  std::mt19937 random(7);
  std::vector<TimePoint> fired;
  std::deque<Timer> timers;
  for (int i = 0; i < 300; ++i) {
    timers.emplace_back(scheduler, [this, &fired] { fired.push_back(scheduler.now()); });
  }
  for (int i = 0; i < 3000; ++i) {
    Timer& timer = timers[random() % timers.size()];
    if (random() % 3 == 0) {
      timer.cancel();
    } else {
      timer.expires_after(milliseconds(random() % 1000));
    }
  }
  std::size_t armed = 0;
  for (const Timer& timer : timers) armed += timer.armed() ? 1 : 0;
  for (int i = 0; i < 1000; ++i) {
    clock.advance(milliseconds(1));
    scheduler.run_turn();
    if (const auto next = scheduler.next_deadline()) {
      EXPECT_GT(*next, clock.now());
    }
  }
  EXPECT_EQ(fired.size(), armed);
}

TEST_F(SchedulerTest, DestroysRetiredObjectsAtTheEndOfTheTurn) {
  struct Object : Retired {
    explicit Object(std::string& to) : log(to) {}
    ~Object() override { log += '~'; }
    std::string& log;
  };
  DeferredCall a(scheduler, says('a'));
  a.schedule();
  scheduler.retire(std::make_unique<Object>(log));
  scheduler.retire(std::make_unique<Object>(log));
  EXPECT_EQ(log, "");
  scheduler.run_turn();
  EXPECT_EQ(log, "a~~");
}

TEST_F(SchedulerTest, DestroysWhatWasRetiredFirstFirst) {
  struct Object : Retired {
    Object(Scheduler& in, std::string& to, char as) : scheduler(in), log(to), letter(as) {}
    ~Object() override {
      log += letter;
      // A destructor may let go of more.
      if (letter == 'a') scheduler.retire(std::make_unique<Object>(scheduler, log, 'c'));
    }
    Scheduler& scheduler;
    std::string& log;
    char letter;
  };
  scheduler.retire(std::make_unique<Object>(scheduler, log, 'a'));
  scheduler.retire(std::make_unique<Object>(scheduler, log, 'b'));
  scheduler.run_turn();
  EXPECT_EQ(log, "abc");
  EXPECT_FALSE(scheduler.has_work());
}

TEST_F(SchedulerTest, ForEverIsNotNow) {
  Timer timer(scheduler, says('t'));
  timer.expires_after(Duration::max());
  scheduler.run_turn();
  EXPECT_EQ(log, "");
  EXPECT_EQ(timer.expiry(), TimePoint::max());
}

}  // namespace
}  // namespace spillway
