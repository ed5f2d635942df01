#include "daemon/server/removed_routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace spillway::testing {
namespace {

using server::RemovedRoutes;
using server::RoutePtr;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RemovedRoutesTest : public ::testing::Test {
 protected:
  RemovedRoutesTest() { serve({"stays", "goes"}); }

  void serve(const std::vector<std::string>& names) {
    std::vector<RoutePtr> routes;
    for (const std::string& name : names) {
      config::Route route;
      route.name = name;
      route.echo = true;
      routes.push_back(*proxy::make_route(route, contexts_));
    }
    removed_.serve(routes);
  }
  /// What is over when the loops have so many sessions of `goes` together.
  std::vector<std::string> answer(std::uint64_t sessions) {
    observe::MetricsTable sum;
    sum["goes"].sessions = sessions;
    sum["stays"];
    return removed_.take_over(sum);
  }
  std::vector<std::string> look(std::uint64_t sessions) {
    removed_.begin_look();
    return answer(sessions);
  }

  config::TlsContexts contexts_;
  RemovedRoutes removed_;
};

TEST_F(RemovedRoutesTest, AreNotThoseThatAreServed) {
  EXPECT_THAT(look(0), IsEmpty());
  EXPECT_TRUE(removed_.empty());
}

TEST_F(RemovedRoutesTest, AreOverOnceWhenNoSessionIsLeft) {
  serve({"stays"});
  EXPECT_FALSE(removed_.empty());
  EXPECT_THAT(look(1), IsEmpty());
  EXPECT_TRUE(removed_.is_known("goes"));
  EXPECT_THAT(look(0), ElementsAre("goes"));
  EXPECT_FALSE(removed_.is_known("goes"));
  EXPECT_THAT(look(0), IsEmpty());
  EXPECT_TRUE(removed_.empty());
}

TEST_F(RemovedRoutesTest, AreNotOverByALookThatBeganBefore) {
  removed_.begin_look();
  serve({"stays"});
  EXPECT_THAT(answer(0), IsEmpty());
  EXPECT_THAT(look(0), ElementsAre("goes"));
}

TEST_F(RemovedRoutesTest, AreNotOverByALookFromBeforeTheyCameBackAndWentAgain) {
  serve({"stays"});
  removed_.begin_look();
  serve({"stays", "goes"});
  serve({"stays"});
  EXPECT_THAT(answer(0), IsEmpty());
  EXPECT_THAT(look(0), ElementsAre("goes"));
}

TEST_F(RemovedRoutesTest, AreOverThatNobodyEverCameTo) {
  serve({"stays"});
  removed_.begin_look();
  EXPECT_THAT(removed_.take_over({}), ElementsAre("goes"));
}

}  // namespace
}  // namespace spillway::testing
