#include "daemon/server/admin/connections_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::server::admin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

observe::LiveConnection live(std::uint64_t id, observe::Trouble trouble) {
  observe::LiveConnection result;
  result.id = id;
  result.trouble = trouble;
  return result;
}

std::vector<std::uint64_t> ids(const observe::ConnectionList& list) {
  std::vector<std::uint64_t> result;
  for (const auto& each : list.worst) result.push_back(each.id);
  return result;
}

TEST(ConnectionsJson, TheWorstOfAllLoopsComeFirst) {
  using std::chrono::seconds;
  const auto list = merge(
      {{.matching = 10, .worst = {live(1, {true, seconds(2), 5}), live(3, {false, {}, 900})}},
       {.matching = 20,
        .worst = {live(4, {true, seconds(3), 1}), live(2, {true, seconds(2), 5}), live(6, {})}}},
      4);
  EXPECT_EQ(list.matching, 30U);
  EXPECT_THAT(ids(list), ElementsAre(4, 1, 2, 3));
}

TEST(ConnectionsJson, StaysJsonWhateverAPeerSends) {
  auto one = live(1, {});
  one.server_name = "a\"b\\\n\xff";
  const std::string json = connections_json({.matching = 1, .worst = {one}});
  EXPECT_THAT(json, HasSubstr(R"("sni":"a\"b\\\u000a\ufffd")"));
  EXPECT_EQ(json.find("to_upstream"), std::string::npos);
  EXPECT_EQ(connections_json({}), "{\"matching\":0,\"shown\":0,\"connections\":[]}\n");
}

}  // namespace
}  // namespace spillway::server::admin
