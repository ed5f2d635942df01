#include "daemon/config/listen_address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace spillway::config {
namespace {

TEST(ListenAddress, ReadsEachKindAndWritesItBack) {
  for (const char* text : {"127.0.0.1:7443", "[::]:7443", "unix:/run/feed.sock", "systemd:feed"}) {
    const auto address = parse_listen_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_string(*address), text);
  }
}

TEST(ListenAddress, RefusesANameThatNoSocketUnitCanGive) {
  for (const std::string name : {"", "a:b", "a b", "\xc3\xa4"}) {
    const auto address = parse_listen_address("systemd:" + name);
    ASSERT_FALSE(address) << name;
    EXPECT_THAT(address.error().message, ::testing::HasSubstr("FileDescriptorName="));
  }
  EXPECT_FALSE(parse_listen_address("systemd:" + std::string(256, 'x')));
}

}  // namespace
}  // namespace spillway::config
