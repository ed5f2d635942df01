#include "daemon/server/admin/request_target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::server::admin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(RequestTarget, HasAPathAndParameters) {
  const RequestTarget target("/connections?route=feed&slow=&limit");
  EXPECT_EQ(target.path, "/connections");
  EXPECT_THAT(target.parameters,
              ElementsAre(Pair("route", "feed"), Pair("slow", ""), Pair("limit", "")));
}

TEST(RequestTarget, TakesWhateverIsThere) {
  EXPECT_EQ(RequestTarget("").path, "");
  EXPECT_THAT(RequestTarget("/a").parameters, IsEmpty());
  EXPECT_THAT(RequestTarget("/a?").parameters, IsEmpty());
  EXPECT_THAT(RequestTarget("?a=b=c").parameters, ElementsAre(Pair("a", "b=c")));
  EXPECT_THAT(RequestTarget("/?&").parameters, ElementsAre(Pair("", "")));
}

}  // namespace
}  // namespace spillway::server::admin
