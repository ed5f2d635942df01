#include "daemon/proxy/upstream.hpp"

#include "tests/daemon/support/scripted_dial.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

class UpstreamTest : public ::testing::Test, private DialObserver {
 protected:
  void start() {
    upstream_ = std::make_unique<proxy::Upstream>(
        scheduler_, dial_server_, route_,
        [this](const Endpoint& server, const Failure&) { skipped_.push_back(to_string(server)); });
    upstream_->start(*this);
  }
  void let_go() {
    scheduler_.retire(std::move(upstream_));
    scheduler_.run_turn();
  }

  ManualClock clock_;
  Scheduler scheduler_{clock_};
  Servers servers_;
  Wire wire_;
  std::vector<Duration> timeouts_;
  proxy::DialServer dial_server_ = [this](const Endpoint& server, const config::Route& route) {
    timeouts_.push_back(route.upstream->connect_timeout);
    return std::make_unique<ScriptedDial>(servers_, server);
  };
  config::Route route_ = [] {
    config::Route route;
    route.upstream = config::Upstream{
        .servers = {HostPort{"a", 1}, HostPort{"b", 2}, UnixPath{"/c"}}, .connect_timeout = 7s};
    return route;
  }();
  std::unique_ptr<proxy::Upstream> upstream_;
  std::unique_ptr<Transport> transport_;
  std::optional<Failure> failure_;
  Names skipped_;

 private:
  void on_dialled(std::unique_ptr<Transport> transport) override {
    transport_ = std::move(transport);
  }
  void on_dial_failed(Failure failure) override { failure_ = std::move(failure); }
};

TEST_F(UpstreamTest, TriesTheFirstServerAlone) {
  start();
  EXPECT_EQ(servers_.tried, Names{"a:1"});
  servers_.answer(wire_);
  EXPECT_TRUE(transport_);
  EXPECT_EQ(servers_.tried, Names{"a:1"});
}

TEST_F(UpstreamTest, TriesTheNextWhenOneFails) {
  start();
  servers_.fail(FailureReason::refused);
  EXPECT_EQ(servers_.tried, (Names{"a:1", "b:2"}));
  EXPECT_EQ(skipped_, Names{"a:1"});
  EXPECT_FALSE(failure_);
  servers_.answer(wire_);
  EXPECT_TRUE(transport_);
  EXPECT_FALSE(failure_);
}

TEST_F(UpstreamTest, GivesEachServerTheWholeTime) {
  start();
  servers_.fail(FailureReason::connect_timeout);
  EXPECT_EQ(timeouts_, (std::vector<Duration>{7s, 7s}));
}

TEST_F(UpstreamTest, SpeaksOfEveryServerWhenAllFailed) {
  start();
  servers_.fail(FailureReason::resolve_failed, "a: no such host");
  servers_.fail(FailureReason::connect_timeout);
  servers_.fail(FailureReason::refused, "unix:/c: nobody listens");
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->reason, FailureReason::refused);
  EXPECT_EQ(failure_->detail, "a: no such host; connect_timeout; unix:/c: nobody listens");
}

// An attempt is never destroyed inside its own call, and never kept.
TEST_F(UpstreamTest, LetsGoOfEachAttempt) {
  start();
  servers_.fail(FailureReason::refused);
  EXPECT_EQ(servers_.alive, 2);
  scheduler_.run_turn();
  EXPECT_EQ(servers_.alive, 1);
  let_go();
  scheduler_.run_turn();
  EXPECT_EQ(servers_.alive, 0);
}

}  // namespace
}  // namespace spillway::testing
