#include "daemon/overflow/byte_count.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

namespace spillway::overflow {
namespace {

constexpr std::byte line_feed{'\n'};

TEST(ByteCount, OfNothingIsNone) { EXPECT_EQ(count_of(line_feed, {}), 0U); }

TEST(ByteCount, CountsMoreThanAByteCanHold) {
  const std::vector<std::byte> bytes(100'000, line_feed);
  EXPECT_EQ(count_of(line_feed, bytes), bytes.size());
}

TEST(ByteCount, CountsWhereverTheBytesBeginAndEnd) {
  std::mt19937 random{1};
  std::vector<std::byte> bytes(40'000);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() % 3 + 9);
  for (int i = 0; i < 2000; ++i) {
    const std::size_t from = random() % bytes.size();
    const std::size_t longest = i % 2 == 0 ? 200 : bytes.size();
    const Bytes part =
        Bytes(bytes).subspan(from, std::min(random() % longest, bytes.size() - from));
    const auto expected = std::count(part.begin(), part.end(), line_feed);
    ASSERT_EQ(count_of(line_feed, part), static_cast<std::size_t>(expected));
  }
}

}  // namespace
}  // namespace spillway::overflow
