#include "daemon/server/admin/process_figures.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace spillway::server::admin {
namespace {

TEST(ProcessFigures, OfThisProcessAreThere) {
  const ProcessFigures figures = read_process_figures();
  EXPECT_GE(figures.threads, 1U);
  EXPECT_GT(figures.resident_bytes, 100'000U);
  EXPECT_GT(figures.virtual_bytes, figures.resident_bytes);
  EXPECT_GE(figures.open_descriptors, 3U);
  EXPECT_GE(figures.most_descriptors, figures.open_descriptors);
  const auto age = std::chrono::system_clock::now() - figures.started;
  EXPECT_LT(age, std::chrono::hours(1));
  EXPECT_GT(age, -std::chrono::seconds(5));
}

TEST(ProcessFigures, AreReadBehindANameThatLooksLikeThem) {
  const long tick = ::sysconf(_SC_CLK_TCK);
  const std::string stat = "7 (a) R 9 9) S 1 7 7 0 -1 0 0 0 0 0 " + std::to_string(2 * tick) + ' ' +
                           std::to_string(tick) + " 0 0 20 0 5 0 " + std::to_string(10 * tick) +
                           " 4096 2 99 1\n";
  const ProcessFigures figures = parse_process_figures(stat, "cpu 1\nbtime 1000\nprocesses 1\n");
  EXPECT_DOUBLE_EQ(figures.cpu_seconds, 3);
  EXPECT_EQ(figures.threads, 5U);
  EXPECT_EQ(figures.virtual_bytes, 4096U);
  EXPECT_EQ(figures.resident_bytes, 2U * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
  EXPECT_EQ(figures.started, std::chrono::system_clock::time_point(std::chrono::seconds(1010)));
}

TEST(ProcessFigures, AreNoneOfNonsense) {
  EXPECT_EQ(parse_process_figures("", "").threads, 0U);
  EXPECT_EQ(parse_process_figures("7 (a) ", "btime").threads, 0U);
}

}  // namespace
}  // namespace spillway::server::admin
