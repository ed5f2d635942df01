#include "loopback.hpp"
#include "transport/poller.hpp"

#include <spillway/event_loop.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/eventfd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace spillway {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::settle;
using ::testing::StrEq;

TEST(EventLoop, PollDoesNothingWhenThereIsNothing) {
  EventLoop loop;
  EXPECT_FALSE(loop.poll());
}

TEST(EventLoop, CallsWhatIsPostedInOrderAndNotAtOnce) {
  EventLoop loop;
  std::vector<int> calls;
  loop.post([&] { calls.push_back(1); });
  loop.post([&] { calls.push_back(2); });
  EXPECT_TRUE(calls.empty());
  EXPECT_TRUE(loop.poll());
  EXPECT_THAT(calls, ElementsAre(1, 2));
  settle(loop);
}

TEST(EventLoop, CallsWhatAPostedCallPostsInALaterTurn) {
  EventLoop loop;
  int calls = 0;
  std::function<void()> again = [&] {
    ++calls;
    loop.post(again);
  };
  loop.post(again);
  loop.poll();
  EXPECT_EQ(calls, 1);
  loop.poll();
  EXPECT_EQ(calls, 2);
}

TEST(EventLoop, TakesPostsFromManyThreadsEachInItsOrder) {
  constexpr int threads = 4;
  constexpr int posts = 500;
  EventLoop loop;
  std::vector<std::vector<int>> calls(threads);
  int left = threads * posts;
  std::vector<std::thread> posters;
  for (int t = 0; t < threads; ++t) {
    posters.emplace_back([&, t] {
      for (int i = 0; i < posts; ++i) {
        loop.post([&, t, i] {
          calls[static_cast<std::size_t>(t)].push_back(i);
          if (--left == 0) loop.stop();
        });
      }
    });
  }
  loop.run();
  for (std::thread& poster : posters) poster.join();
  for (const std::vector<int>& own : calls) {
    ASSERT_EQ(own.size(), static_cast<std::size_t>(posts));
    EXPECT_TRUE(std::is_sorted(own.begin(), own.end()));
  }
}

TEST(EventLoop, IsWokenByAStopFromAnotherThread) {
  EventLoop loop;
  std::thread stopper;
  loop.post([&] { stopper = std::thread([&] { loop.stop(); }); });
  loop.run();
  stopper.join();
}

TEST(EventLoop, ReturnsAtOnceWhenStoppedBeforeItRuns) {
  EventLoop loop;
  int calls = 0;
  DeferredCall call(loop, [&] { ++calls; });
  call.schedule();
  loop.stop();
  loop.run();
  EXPECT_EQ(calls, 0);
}

TEST(EventLoop, RunsAgainAfterAStop) {
  EventLoop loop;
  int calls = 0;
  for (int i = 0; i < 3; ++i) {
    loop.post([&] {
      ++calls;
      loop.stop();
    });
    loop.run();
  }
  EXPECT_EQ(calls, 3);
}

TEST(EventLoop, FinishesTheTurnThatStopsIt) {
  EventLoop loop;
  std::vector<int> calls;
  DeferredCall second(loop, [&] { calls.push_back(2); });
  DeferredCall first(loop, [&] {
    calls.push_back(1);
    loop.stop();
    second.schedule();
  });
  first.schedule();
  loop.run();
  EXPECT_THAT(calls, ElementsAre(1, 2));
}

TEST(EventLoop, LosesNoPostWhenOneThrows) {
  EventLoop loop;
  bool called = false;
  loop.post([] { throw std::runtime_error("posted"); });
  loop.post([&] {
    called = true;
    loop.stop();
  });
  EXPECT_THROW(loop.run(), std::runtime_error);
  EXPECT_FALSE(called);
  loop.run();
  EXPECT_TRUE(called);
}

TEST(EventLoop, RunsDeferredCallsThatAreScheduledBeforeItRuns) {
  EventLoop loop;
  DeferredCall call(loop, [&] { loop.stop(); });
  call.schedule();
  loop.run();
}

TEST(EventLoop, RunsDeferredCallsThatAnAsioHandlerSchedules) {
  EventLoop loop;
  DeferredCall call(loop, [&] { loop.stop(); });
  boost::asio::post(loop.context(), [&] { call.schedule(); });
  loop.run();
}

// In the order of the events, whichever the system found first.
TEST(EventLoop, RunsWhatAnEventDeferredBeforeTheNextEvent) {
  class Deferring final : public Pollable {
   public:
    Deferring(EventLoop& loop, std::vector<const char*>& told)
        : told_(told), later_(loop, [this] { told_.push_back("deferred"); }) {}
    void on_poll(Readiness) override {
      told_.push_back("event");
      later_.schedule();
    }

   private:
    std::vector<const char*>& told_;
    DeferredCall later_;
  };
  EventLoop loop;
  std::vector<const char*> told;
  Deferring deferring[] = {{loop, told}, {loop, told}};
  const Descriptor raised[] = {Descriptor(::eventfd(1, EFD_CLOEXEC)),
                               Descriptor(::eventfd(1, EFD_CLOEXEC))};
  for (int i = 0; i < 2; ++i) {
    ASSERT_FALSE(loop.poller().add(raised[i], {.readable = true}, deferring[i]));
  }
  loop.poll();
  EXPECT_THAT(told,
              ElementsAre(StrEq("event"), StrEq("deferred"), StrEq("event"), StrEq("deferred")));
  for (int i = 0; i < 2; ++i) loop.poller().remove(raised[i], deferring[i]);
}

TEST(EventLoop, RunsTimersThatAreDueByItsOwnClock) {
  ManualClock clock;
  EventLoop loop(clock);
  std::vector<int> calls;
  Timer late(loop, [&] { calls.push_back(2); });
  Timer early(loop, [&] { calls.push_back(1); });
  late.expires_after(2h);
  early.expires_after(1h);
  EXPECT_FALSE(loop.poll());
  clock.advance(1h);
  EXPECT_TRUE(loop.poll());
  EXPECT_THAT(calls, ElementsAre(1));
  clock.advance(1h);
  EXPECT_TRUE(loop.poll());
  EXPECT_THAT(calls, ElementsAre(1, 2));
  EXPECT_FALSE(loop.poll());
}

TEST(EventLoop, WakesForTheEarliestTimerAlsoWhenItIsArmedLater) {
  EventLoop loop;
  Timer far(loop, [] { ADD_FAILURE() << "rang too early"; });
  Timer near(loop, [&] { loop.stop(); });
  far.expires_after(1h);
  // Armed from a call of its own, when the loop has set its alarm for the far one already.
  loop.post([&] { loop.post([&] { near.expires_after(1ms); }); });
  loop.run();
}

TEST(EventLoop, WakesForATimerThatIsArmedAgainAndAgain) {
  EventLoop loop;
  int rings = 0;
  Timer* self = nullptr;
  Timer timer(loop, [&] {
    if (++rings == 3) {
      loop.stop();
    } else {
      self->expires_after(1ms);
    }
  });
  self = &timer;
  timer.expires_after(1ms);
  loop.run();
  EXPECT_EQ(rings, 3);
}

TEST(EventLoop, ServesAsiosOwnTimers) {
  EventLoop loop;
  boost::asio::steady_timer timer(loop.context(), 1ms);
  timer.async_wait([&](const boost::system::error_code&) { loop.stop(); });
  loop.run();
}

TEST(EventLoop, LetsAsioHandlersRunWhileItIsBusy) {
  EventLoop loop;
  DeferredCall* self = nullptr;
  DeferredCall busy(loop, [&] { self->schedule(); });
  self = &busy;
  busy.schedule();
  boost::asio::steady_timer timer(loop.context(), 1ms);
  timer.async_wait([&](const boost::system::error_code&) { loop.stop(); });
  loop.run();
}

TEST(EventLoop, DestroysWhatIsRetiredWhenItEnds) {
  struct Noted final : Retired {
    explicit Noted(bool& gone) : gone_(gone) {}
    ~Noted() override { gone_ = true; }
    bool& gone_;
  };
  bool gone = false;
  {
    EventLoop loop;
    loop.retire(std::make_unique<Noted>(gone));
    EXPECT_FALSE(gone);
  }
  EXPECT_TRUE(gone);
}

TEST(EventLoop, DropsThePostsThatItNeverCameTo) {
  const auto held = std::make_shared<int>(0);
  {
    EventLoop loop;
    loop.post([held] { ADD_FAILURE() << "called while ending"; });
  }
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace spillway
