#include "daemon/config/units.hpp"

#include <gtest/gtest.h>

namespace spillway::config {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

std::string duration_error(std::string_view text) {
  const auto result = parse_duration(text);
  return result ? "" : result.error().message;
}

std::string size_error(std::string_view text) {
  const auto result = parse_size(text);
  return result ? "" : result.error().message;
}

TEST(Units, DurationsAreWholeNumbersWithAUnit) {
  const std::pair<std::string_view, milliseconds> table[] = {
      {"0s", milliseconds(0)},         {"0ms", milliseconds(0)},      {"250ms", milliseconds(250)},
      {"10s", milliseconds(10'000)},   {"007s", milliseconds(7'000)}, {"3m", milliseconds(180'000)},
      {"2h", milliseconds(7'200'000)}, {"87600h", hours(87600)},
  };
  for (const auto& [text, expected] : table) {
    const auto result = parse_duration(text);
    ASSERT_TRUE(result) << text << ' ' << result.error().message;
    EXPECT_EQ(*result, expected) << text;
  }
}

TEST(Units, FaultyDurationsSayWhatToWrite) {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"10", "needs a unit: write `10s`, `10m` or `10h`"},
      {"0", "needs a unit: write `0s`"},
      {"10 s", "has another unit here: write `10s`"},
      {"10sec", "has another unit here: write `10s`"},
      {"5MIN", "has another unit here: write `5m`"},
      {"1hour", "has another unit here: write `1h`"},
      {"-5s", "is negative: write a number from 0 on, such as `10s`"},
      {"87601h", "is too large: write at most `87600h`"},
      {"99999999999h", "is too large: write at most `87600h`"},
      {"18446744073709551616ms", "is too large: write at most `87600h`"},
  };
  for (const auto& [text, words] : table) EXPECT_EQ(duration_error(text), words) << text;
  for (const std::string_view text : {"", "s", "1.5h", "1h30m", "ten", "10s ", " 10s", "+1s", "1d",
                                      "10µs", "0x10s", "1e3s", "forever"}) {
    EXPECT_EQ(duration_error(text),
              "is not a whole number with a unit (ms, s, m or h): write for instance `10s`")
        << text;
  }
}

TEST(Units, SizesAreWholeNumbersWithABinaryUnit) {
  const std::pair<std::string_view, std::size_t> table[] = {
      {"0", 0},
      {"0B", 0},
      {"1B", 1},
      {"64KiB", 65536},
      {"1MiB", 1U << 20U},
      {"2GiB", std::size_t{2} << 30U},
      {"1024GiB", std::size_t{1} << 40U},
  };
  for (const auto& [text, expected] : table) {
    const auto result = parse_size(text);
    ASSERT_TRUE(result) << text << ' ' << result.error().message;
    EXPECT_EQ(*result, expected) << text;
  }
}

TEST(Units, FaultySizesSayWhatToWrite) {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"64", "needs a unit: write `64KiB`, `64MiB` or `64GiB`"},
      {"64KB", "has another unit here: write `64KiB`"},
      {"64k", "has another unit here: write `64KiB`"},
      {"64kib", "has another unit here: write `64KiB`"},
      {"1 MiB", "has another unit here: write `1MiB`"},
      {"3G", "has another unit here: write `3GiB`"},
      {"12bytes", "has another unit here: write `12B`"},
      {"-1B", "is negative: write a number from 0 on, such as `64KiB`"},
      {"1025GiB", "is too large: write at most `1024GiB`"},
      {"99999999999999999999B", "is too large: write at most `1024GiB`"},
  };
  for (const auto& [text, words] : table) EXPECT_EQ(size_error(text), words) << text;
  for (const std::string_view text : {"", "KiB", "1.5MiB", "big", "1TiB", "64KiBs", "٣KiB"}) {
    EXPECT_EQ(size_error(text),
              "is not a whole number with a unit (B, KiB, MiB or GiB): write for instance `64KiB`")
        << text;
  }
}

TEST(Units, WhatIsWrittenReadsBack) {
  for (const std::string_view text : {"0s", "1ms", "1500ms", "90s", "2m", "24h"}) {
    EXPECT_EQ(to_string(*parse_duration(text)), text);
  }
  EXPECT_EQ(to_string(milliseconds(60'000)), "1m");
  for (const std::string_view text : {"0B", "1000B", "64KiB", "1728KiB", "1GiB"}) {
    EXPECT_EQ(size_to_string(*parse_size(text)), text);
  }
  EXPECT_EQ(size_to_string(1U << 20U), "1MiB");
}

TEST(Units, SizesForPeopleAreRoundedUp) {
  EXPECT_EQ(rounded_size(0), "0B");
  EXPECT_EQ(rounded_size(1023), "1023B");
  EXPECT_EQ(rounded_size(2048), "2KiB");
  EXPECT_EQ(rounded_size(2049), "2.1KiB");
  EXPECT_EQ(rounded_size(std::size_t{3} << 29U), "1.5GiB");
  EXPECT_EQ(rounded_size((std::size_t{2} << 30U) - 1), "2GiB");
  EXPECT_EQ(rounded_size(SIZE_MAX), "17179869184GiB");
}

}  // namespace
}  // namespace spillway::config
