#include "transport/system_address.hpp"

#include <spillway/address.hpp>

#include <gtest/gtest.h>

#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace spillway {
namespace {

Address unix_of(std::string_view path) {
  sockaddr_un raw{};
  raw.sun_family = AF_UNIX;
  std::memcpy(raw.sun_path, path.data(), path.size());
  const std::size_t size = offsetof(sockaddr_un, sun_path) + path.size();
  return to_address(reinterpret_cast<const sockaddr*>(&raw), static_cast<socklen_t>(size));
}

TEST(Address, IsWrittenAsPeopleWriteIt) {
  EXPECT_EQ(literal_address({"127.0.0.1", 7007})->to_string(), "127.0.0.1:7007");
  EXPECT_EQ(literal_address({"::1", 80})->to_string(), "[::1]:80");
  EXPECT_EQ(literal_address({"2001:DB8:0:0::1", 0})->to_string(), "[2001:db8::1]:0");
  EXPECT_EQ(literal_address({"fe80::1%1", 80})->to_string(), "[fe80::1%1]:80");
}

TEST(Address, OfAUnixSocketHasItsPath) {
  EXPECT_EQ(unix_address({"/run/feed.sock"}).value().to_string(), "unix:/run/feed.sock");
  EXPECT_EQ(unix_of("/run/no-nul").to_string(), "unix:/run/no-nul");
  EXPECT_EQ(unix_of(std::string_view("\0abstract", 9)).to_string(), "unix:@abstract");
  EXPECT_EQ(unix_of("").to_string(), "unix:");
}

TEST(Address, OfTheLongestUnixPathFits) {
  const std::string longest = '/' + std::string(106, 'x');
  EXPECT_EQ(unix_address({longest}).value().to_string(), "unix:" + longest);
}

TEST(Address, IsUnnamedOnlyWithoutAPath) {
  EXPECT_TRUE(is_unnamed(unix_of("")));
  EXPECT_FALSE(is_unnamed(unix_of("/a")));
  EXPECT_FALSE(is_unnamed(*literal_address({"0.0.0.0", 0})));
}

TEST(Address, IsNotMadeOfNames) {
  EXPECT_FALSE(literal_address({"localhost", 80}));
  EXPECT_FALSE(literal_address({"1.2.3", 80}));
  EXPECT_FALSE(literal_address({"::g", 80}));
  EXPECT_FALSE(literal_address({"", 80}));
}

TEST(Address, KnowsItsPort) {
  EXPECT_EQ(port_of(*literal_address({"127.0.0.1", 7007})), 7007);
  EXPECT_EQ(port_of(*literal_address({"::1", 65535})), 65535);
  EXPECT_EQ(port_of(unix_address({"/a"}).value()), 0);
}

}  // namespace
}  // namespace spillway
