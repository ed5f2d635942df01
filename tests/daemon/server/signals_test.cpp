#include "daemon/server/signals.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <signal.h>

#include <csignal>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace spillway::testing {
namespace {

using server::Signal;
using server::Signals;

constexpr int taken[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2};

/// How many of the signals the calling thread blocks.
int blocked_here() {
  sigset_t mask;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  int count = 0;
  for (const int number : taken) count += ::sigismember(&mask, number);
  return count;
}

class SignalsTest : public ::testing::Test {
 protected:
  void take() {
    signals_.emplace(control_, [this](Signal signal) { seen_.push_back(signal); });
  }
  void let_go() { signals_.reset(); }

  boost::asio::io_context control_;
  std::vector<Signal> seen_;
  std::optional<Signals> signals_;
};

TEST_F(SignalsTest, TellsWhatEachOneMeans) {
  take();
  const std::vector<std::pair<int, Signal>> meanings = {{SIGTERM, Signal::stop},
                                                        {SIGINT, Signal::stop},
                                                        {SIGHUP, Signal::reload},
                                                        {SIGUSR1, Signal::reopen_logs},
                                                        {SIGUSR2, Signal::log_connections}};
  for (const auto& [number, signal] : meanings) {
    seen_.clear();
    std::raise(number);
    while (seen_.empty()) control_.run_one();
    EXPECT_EQ(seen_, std::vector{signal}) << "signal " << number;
  }
}

TEST_F(SignalsTest, TellsAllThatCameBeforeTheControlRan) {
  take();
  for (const int number : taken) std::raise(number);
  while (control_.poll_one() > 0) {
  }
  EXPECT_EQ(seen_.size(), std::size(taken));
}

// From its first moment on: a thread that took one would meet what the signal does by default.
TEST_F(SignalsTest, ThreadsThatAreStartedMeanwhileTakeNone) {
  take();
  int blocked = 0;
  std::thread([&blocked] { blocked = blocked_here(); }).join();
  EXPECT_EQ(blocked, 5);
}

TEST_F(SignalsTest, AfterwardsTheThreadBlocksNone) {
  take();
  EXPECT_EQ(blocked_here(), 5);
  let_go();
  EXPECT_EQ(blocked_here(), 0);
}

TEST_F(SignalsTest, AfterwardsTheOnesThatDoNotStopAreIgnored) {
  take();
  std::raise(SIGHUP);  // comes before, and nobody reads it
  let_go();
  for (const int number : {SIGHUP, SIGUSR1, SIGUSR2}) std::raise(number);
  EXPECT_TRUE(seen_.empty());
}

TEST_F(SignalsTest, AfterwardsTermAndIntEndTheProcessAtOnce) {
  for (const int number : {SIGTERM, SIGINT}) {
    const auto signal_afterwards = [this, number] {
      take();
      let_go();
      std::raise(number);
    };
    EXPECT_EXIT(signal_afterwards(), ::testing::ExitedWithCode(1), "") << "signal " << number;
  }
}

TEST_F(SignalsTest, ATermThatNobodyHasReadEndsItThen) {
  const auto signal_before = [this] {
    take();
    std::raise(SIGTERM);
    let_go();
  };
  EXPECT_EXIT(signal_before(), ::testing::ExitedWithCode(1), "");
}

}  // namespace
}  // namespace spillway::testing
