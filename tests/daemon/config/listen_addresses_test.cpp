#include "daemon/config/listen_addresses.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string_view>

namespace spillway::config {
namespace {

// What each address excludes: the number of an earlier one, or -1.
std::vector<int> conflicts(std::initializer_list<std::string_view> texts) {
  ListenAddresses addresses;
  std::vector<int> result;
  for (const std::string_view text : texts) {
    const auto earlier = addresses.add(config::parse_listen_address(text).value());
    result.push_back(earlier ? static_cast<int>(*earlier) : -1);
  }
  return result;
}

TEST(ListenAddresses, TheSameAddressAndPortIsTaken) {
  EXPECT_EQ(conflicts({"127.0.0.1:1", "127.0.0.2:1", "127.0.0.1:2", "127.0.0.1:1"}),
            (std::vector{-1, -1, -1, 0}));
}

TEST(ListenAddresses, PortZeroIsAlwaysAnother) {
  EXPECT_EQ(conflicts({"127.0.0.1:0", "127.0.0.1:0", "0.0.0.0:0"}), (std::vector{-1, -1, -1}));
}

TEST(ListenAddresses, EveryAddressIncludesEachInEitherOrder) {
  EXPECT_EQ(conflicts({"0.0.0.0:1", "127.0.0.1:1"}), (std::vector{-1, 0}));
  EXPECT_EQ(conflicts({"10.0.0.1:1", "127.0.0.1:1", "0.0.0.0:1"}), (std::vector{-1, -1, 0}));
}

TEST(ListenAddresses, TheFamiliesStandBesideEachOther) {
  EXPECT_EQ(conflicts({"0.0.0.0:1", "[::]:1", "[::1]:1"}), (std::vector{-1, -1, 1}));
}

TEST(ListenAddresses, OneAddressHasManySpellings) {
  EXPECT_EQ(conflicts({"[::1]:1", "[0:0:0:0:0:0:0:1]:1"}), (std::vector{-1, 0}));
}

TEST(ListenAddresses, NamesAndPathsAreComparedAsTheyAre) {
  EXPECT_EQ(conflicts({"localhost:1", "localhost:1", "unix:/a", "unix:/b", "unix:/a"}),
            (std::vector{-1, 0, -1, -1, 2}));
}

}  // namespace
}  // namespace spillway::config
