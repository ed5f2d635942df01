#include "engine_pair.hpp"
#include "material.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway {
namespace {

using testing::EnginePair;
using ::testing::HasSubstr;
using testing::PairOptions;

std::string chosen(std::vector<std::string> server, std::vector<std::string> client) {
  PairOptions options;
  options.server.alpn = std::move(server);
  options.client.alpn = std::move(client);
  EnginePair pair(options);
  pair.shake_hands();
  EXPECT_EQ(pair.server.status(), LayerStatus::ready) << pair.server.failure();
  EXPECT_EQ(pair.client.session().alpn, pair.server.session().alpn);
  return pair.server.session().alpn;
}

TEST(Alpn, follows_the_servers_preference) {
  EXPECT_EQ(chosen({"b", "a"}, {"a", "b"}), "b");
  EXPECT_EQ(chosen({"c", "a"}, {"a", "b"}), "a");
}

TEST(Alpn, is_nothing_where_one_side_does_not_care) {
  EXPECT_EQ(chosen({}, {"a"}), "");
  EXPECT_EQ(chosen({"a"}, {}), "");
}

TEST(Alpn, refuses_names_that_cannot_be_sent) {
  for (const std::string& name : {std::string(), std::string(256, 'x')}) {
    const auto server = TlsServerContext::create(
        {.certificates = {testing::localhost_certificate()}, .alpn = {"ok", name}});
    ASSERT_FALSE(server);
    EXPECT_THAT(server.error().message, HasSubstr("1 to 255 bytes"));
    const auto client = TlsClientContext::create({.alpn = {name}});
    ASSERT_FALSE(client);
    EXPECT_THAT(client.error().message, HasSubstr("1 to 255 bytes"));
  }
}

TEST(Alpn, refuses_a_list_that_cannot_be_sent) {
  const std::vector<std::string> many(300, std::string(255, 'x'));
  EXPECT_FALSE(TlsClientContext::create({.alpn = many}));
}

}  // namespace
}  // namespace spillway
