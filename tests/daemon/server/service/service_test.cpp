#include "daemon/server/service/service.hpp"

#include "tests/daemon/server/admin/fake_loop.hpp"
#include "tests/daemon/support/recorded_log.hpp"

#include <boost/system/errc.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::testing {
namespace {

using server::Overview;
using server::service::Service;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string idle = "Serving 0 connections (0 since the start), 0 slow consumers, 0 throttled";
const std::string extension = "EXTEND_TIMEOUT_USEC=10000000\n";

/// Messages are recorded, the clock is moved by hand; only the waits between two looks are real.
class ServiceTest : public ::testing::Test {
 protected:
  Service& service(Service::Times times = {.refresh = milliseconds(1),
                                           .refresh_draining = milliseconds(1),
                                           .patience = milliseconds(1)}) {
    service_.emplace(Service::Surroundings{.control = control,
                                           .log = log,
                                           .look = [this] { return overview; },
                                           .notify =
                                               [this](std::string_view message) {
                                                 messages.emplace_back(message);
                                                 return result;
                                               },
                                           .now = [this] { return now; }},
                     server::admin::Loops{&loops[0], &loops[1]}, times);
    return *service_;
  }
  Service& ready() {
    Service& made = service();
    made.start();
    run_until([this] { return !messages.empty(); });
    EXPECT_THAT(messages, ElementsAre("READY=1\nSTATUS=" + idle));
    messages.clear();
    return made;
  }
  void run_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + seconds(60);
    while (!condition() && std::chrono::steady_clock::now() < end) control.run_one_until(end);
    ASSERT_TRUE(condition());
  }
  void run_until_told(const std::string& message) {
    run_until([&] { return std::ranges::find(messages, message) != messages.end(); });
  }
  /// So that everybody who answers has.
  void let_be_asked(unsigned times) {
    run_until([this, goal = loops[0].questions + times] { return loops[0].questions >= goal; });
  }

  boost::asio::io_context control;
  RecordedLog log;
  FakeLoop loops[2];
  Overview overview;
  std::vector<std::string> messages;
  boost::system::error_code result;
  std::chrono::steady_clock::time_point now{seconds(1000)};

 private:
  std::optional<Service> service_;
};

TEST_F(ServiceTest, IsReadyOnceEveryLoopAnswers) {
  loops[1].stuck = true;
  service().start();
  let_be_asked(20);
  EXPECT_THAT(messages, Each(Not(HasSubstr("READY"))));
  messages.assign(1, "");
  loops[1].wake();
  // The status may still name the loop that was silent when the figures were asked for.
  run_until([this] { return messages.back().starts_with("READY=1\nSTATUS=Serving "); });
}

TEST_F(ServiceTest, TellsNewFiguresAndNoOldOnes) {
  ready();
  let_be_asked(20);
  EXPECT_THAT(messages, ElementsAre());
  for (FakeLoop& loop : loops) {
    auto& route = loop.figures.metrics["a"];
    route.sessions = route.sessions_opened = 2;
    route.to_client.slow = 1;
  }
  overview.connections = 4;
  run_until([this] { return !messages.empty(); });
  EXPECT_THAT(messages, Contains(StartsWith("STATUS=Serving 4 connections (")));
  run_until(
      [this] { return messages.back().find("(4 since the start), 2 slow") != std::string::npos; });
  EXPECT_THAT(messages, Each(Not(HasSubstr("READY"))));
}

TEST_F(ServiceTest, TellsThatItReloadsAndThatItHas) {
  Service& told = ready();
  told.reloading();
  EXPECT_THAT(messages, ElementsAre("RELOADING=1\nMONOTONIC_USEC=1000000000\n"
                                    "STATUS=Reloading the configuration"));
  overview.reload.note_failure();
  told.reloaded();
  run_until_told("READY=1\nSTATUS=" + idle +
                 "; the last reload failed, the configuration of before is served");
}

TEST_F(ServiceTest, HasReloadedWhenEveryLoopHasTakenTheChange) {
  Service& told = ready();
  loops[1].stuck = true;
  told.reloading();
  told.reloaded();
  let_be_asked(20);
  EXPECT_THAT(messages, Each(Not(HasSubstr("READY"))));
  loops[1].wake();
  run_until([this] { return messages.back().starts_with("READY=1\n"); });
}

TEST_F(ServiceTest, AnAnswerToTheReloadBeforeIsNoneToTheNext) {
  Service& told = ready();
  loops[1].stuck = true;
  told.reloading();
  told.reloaded();
  told.reloading();
  loops[1].wake();
  control.poll();
  EXPECT_THAT(messages, Each(StartsWith("RELOADING=1\n")));
  told.reloaded();
  run_until([this] { return messages.back().starts_with("READY=1\n"); });
}

TEST_F(ServiceTest, ShowsHowADrainGoesOnAndAsksForTheTimeItTakes) {
  Service& told = ready();
  overview.connections = 2;
  told.draining(seconds(30));
  EXPECT_THAT(messages, ElementsAre("STOPPING=1\n" + extension +
                                    "STATUS=Draining: 2 connections left, for 30 s at most"));
  overview.connections = 1;
  now += milliseconds(28500);
  run_until_told(extension + "STATUS=Draining: 1 connection left, for 2 s at most");
  now += seconds(5);
  run_until_told(extension + "STATUS=Draining: 1 connection left, for 0 s at most");
  told.forcing();
  EXPECT_EQ(messages.back(), extension + "STATUS=Ending 1 connection by force");
}

TEST_F(ServiceTest, IsNotReadyAgainOnceItDrains) {
  Service& told = ready();
  loops[1].stuck = true;
  told.reloading();
  told.reloaded();
  told.draining(seconds(30));
  messages.clear();
  loops[1].wake();
  run_until([this] { return messages.size() > 5; });
  EXPECT_THAT(messages, Each(StartsWith(extension + "STATUS=Draining: ")));
}

TEST_F(ServiceTest, ATermBeforeItIsReadyIsADrainToo) {
  loops[1].stuck = true;
  Service& told = service();
  told.start();
  told.draining(seconds(30));
  loops[1].wake();
  run_until([this] { return messages.size() > 5; });
  EXPECT_THAT(messages, Each(Not(HasSubstr("READY"))));
}

TEST_F(ServiceTest, NamesLoopsThatDoNotAnswer) {
  ready();
  loops[1].stuck = true;
  run_until_told("STATUS=" + idle + "; event loops that do not answer: 1");
  loops[1].wake();
  run_until_told("STATUS=" + idle);
}

TEST_F(ServiceTest, FeedsTheWatchdogWhileEveryLoopAnswers) {
  service({.watchdog = milliseconds(2), .refresh = seconds(60)}).start();
  run_until([this] { return std::ranges::count(messages, "WATCHDOG=1") >= 5; });
  loops[1].stuck = true;
  run_until([this] { return log.count("watchdog_withheld") > 0; });
  messages.clear();
  run_until([this] { return log.count("watchdog_withheld") >= 50; });
  EXPECT_THAT(messages, Not(Contains("WATCHDOG=1")));
  EXPECT_EQ(value(log.events.back(), "silent_loops"), "1");
}

TEST_F(ServiceTest, WithoutAWatchdogFeedsNone) {
  ready();
  let_be_asked(20);
  EXPECT_THAT(messages, ElementsAre());
}

TEST_F(ServiceTest, LogsOnceThatTheManagerCannotBeReached) {
  Service& told = ready();
  result = make_error_code(boost::system::errc::no_such_file_or_directory);
  told.draining(seconds(30));
  run_until([this] { return messages.size() > 5; });
  EXPECT_EQ(value(log.only("service_manager_unreachable"), "reason"), "No such file or directory");
}

}  // namespace
}  // namespace spillway::testing
