#include "daemon/config/machine_memory.hpp"

#include <gtest/gtest.h>

namespace spillway::config {
namespace {

TEST(MachineMemory, IsKnownHere) {
  const auto memory = machine_memory();
  ASSERT_TRUE(memory);
  EXPECT_GT(memory->bytes, 0U);
}

TEST(MemoryLimit, IsANumberOfBytes) {
  EXPECT_EQ(memory_limit("536870912\n"), 536870912U);
  EXPECT_EQ(memory_limit("9223372036854771712\n"), 9223372036854771712U) << "no limit, in v1";
}

TEST(MemoryLimit, IsNoneForMaxAndForWhatMakesNoSense) {
  for (const char* text : {"max\n", "", "\n", "-1", "1e9", "many", "99999999999999999999999"}) {
    EXPECT_FALSE(memory_limit(text)) << text;
  }
}

TEST(TotalMemory, IsTheMachinesInBytes) {
  EXPECT_EQ(total_memory("MemTotal:       24684084 kB\nMemFree:         1000 kB\n"),
            std::size_t{24684084} * 1024);
  EXPECT_EQ(total_memory("MemFree: 1 kB\nMemTotal: 2 kB"), 2048U);
}

TEST(TotalMemory, IsNoneForWhatMakesNoSense) {
  for (const char* text : {"", "MemTotal:", "MemTotal: much kB", "MemTotal: 5 MB", "MemTotal: 5",
                           "MemFree: 5 kB", "MemTotal: 18446744073709551615 kB"}) {
    EXPECT_FALSE(total_memory(text)) << text;
  }
}

}  // namespace
}  // namespace spillway::config
