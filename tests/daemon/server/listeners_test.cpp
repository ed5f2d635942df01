#include "daemon/server/listeners.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace spillway::testing {
namespace {

using server::Listeners;
using server::RoutePtr;

class ListenersTest : public ::testing::Test {
 protected:
  RoutePtr route(const std::string& name, std::chrono::seconds idle = std::chrono::seconds(1)) {
    config::Route route;
    route.name = name;
    route.listen = {HostPort{"127.0.0.1", 0}};
    route.timeouts.idle = idle;
    route.echo = true;
    return *proxy::make_route(route, contexts_);
  }
  /// Plans and commits; the loops have taken everything on.
  Listeners::Plan take(const std::vector<RoutePtr>& routes) {
    auto plan = listeners_.plan(routes);
    EXPECT_TRUE(plan);
    listeners_.commit(*plan);
    return *std::move(plan);
  }
  static std::vector<std::size_t> opened(const Listeners::Plan& plan) {
    std::vector<std::size_t> by_loop;
    for (const auto& change : plan.by_loop) by_loop.push_back(change.opened.size());
    return by_loop;
  }

  config::TlsContexts contexts_;
  server::PassedSockets passed_;
  Listeners listeners_{2, passed_};
};

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(ListenersTest, OpensNothingTwice) {
  const std::vector<RoutePtr> routes{route("a"), route("b")};
  const auto first = take(routes);
  EXPECT_THAT(opened(first), ElementsAre(2, 2));
  EXPECT_THAT(first.events, SizeIs(2));
  const auto second = take(routes);
  EXPECT_THAT(opened(second), ElementsAre(0, 0));
  EXPECT_THAT(second.events, IsEmpty());
}

TEST_F(ListenersTest, GivesALoopWhatItCouldNotTakeOnAtTheSameAddress) {
  const std::vector<RoutePtr> routes{route("a"), route("b")};
  const auto first = take(routes);
  const auto& failed = first.by_loop[1].opened[0];
  EXPECT_FALSE(listeners_.note_failure(1, failed.listener));
  const auto second = take(routes);
  ASSERT_THAT(opened(second), ElementsAre(0, 1));
  const auto& again = second.by_loop[1].opened[0];
  EXPECT_EQ(again.listener, failed.listener);
  EXPECT_EQ(again.socket.local_address(), failed.socket.local_address());
  EXPECT_THAT(second.events, IsEmpty());
  EXPECT_THAT(opened(take(routes)), ElementsAre(0, 0));
}

TEST_F(ListenersTest, BeginsAnewWhereNoLoopHasIt) {
  const std::vector<RoutePtr> routes{route("a")};
  const auto first = take(routes);
  const auto listener = first.by_loop[0].opened[0].listener;
  EXPECT_FALSE(listeners_.note_failure(0, listener));
  EXPECT_TRUE(listeners_.note_failure(1, listener));
  EXPECT_FALSE(listeners_.note_failure(1, listener));
  const auto second = take(routes);
  ASSERT_THAT(opened(second), ElementsAre(1, 1));
  EXPECT_NE(second.by_loop[0].opened[0].listener, listener);
  EXPECT_THAT(second.events, SizeIs(1));
}

TEST_F(ListenersTest, ClosesOnlyWhereItIsOpen) {
  const auto first = take({route("a")});
  listeners_.note_failure(1, first.by_loop[1].opened[0].listener);
  const auto second = take({});
  EXPECT_THAT(second.by_loop[0].closed, SizeIs(1));
  EXPECT_THAT(second.by_loop[1].closed, IsEmpty());
}

// New certificates must not depend on an address that somebody else has by now.
TEST_F(ListenersTest, ReroutesToTheSameRoutesWithoutOpeningAnything) {
  const auto first = take({route("a"), route("b")});
  const auto listener = first.by_loop[1].opened[0].listener;
  listeners_.note_failure(1, listener);
  const auto plan = listeners_.plan_same({route("a", std::chrono::seconds(2)), route("b")});
  EXPECT_THAT(opened(plan), ElementsAre(0, 0));
  EXPECT_THAT(plan.by_loop[0].rerouted, SizeIs(2));
  EXPECT_THAT(plan.by_loop[1].rerouted, SizeIs(1));
  EXPECT_THAT(plan.events, IsEmpty());
}

}  // namespace
}  // namespace spillway::testing
