#include "daemon/server/usable_cpus.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway::server {
namespace {

TEST(UsableCpus, IsAtLeastOne) { EXPECT_GE(usable_cpus(), 1U); }

TEST(QuotaV2, IsQuotaByPeriod) {
  EXPECT_EQ(quota_v2("150000 100000\n"), 1.5);
  EXPECT_EQ(quota_v2("50000 100000"), 0.5);
}

TEST(QuotaV2, IsNoneForMaxAndForWhatMakesNoSense) {
  for (const char* text : {"max 100000\n", "", "\n", "100000", "0 100000", "-1 100000", "100000 0",
                           "many few", "1e5 100000"}) {
    EXPECT_FALSE(quota_v2(text)) << text;
  }
}

TEST(QuotaV1, IsQuotaByPeriod) { EXPECT_EQ(quota_v1("200000\n", "100000\n"), 2.0); }

TEST(QuotaV1, IsNoneForMinusOneAndMissingFiles) {
  EXPECT_FALSE(quota_v1("-1\n", "100000\n"));
  EXPECT_FALSE(quota_v1("", ""));
}

TEST(CgroupPath, IsTheUnifiedHierarchysForNoController) {
  EXPECT_EQ(cgroup_path("0::/system.slice/spillway.service\n", ""),
            "/system.slice/spillway.service");
  EXPECT_EQ(cgroup_path("0::/\n", ""), "/");
}

TEST(CgroupPath, IsTheOneOfTheHierarchyThatHasTheController) {
  const std::string mixed = "12:cpuset:/a\n4:cpu,cpuacct:/docker/b:c\n1:name=systemd:/d\n0::/e\n";
  EXPECT_EQ(cgroup_path(mixed, "cpu"), "/docker/b:c");
  EXPECT_EQ(cgroup_path(mixed, "cpuset"), "/a");
  EXPECT_EQ(cgroup_path(mixed, ""), "/e");
  EXPECT_FALSE(cgroup_path(mixed, "memory"));
}

TEST(CgroupPath, IsNoneForBrokenLines) {
  for (const char* text : {"", "\n", "0", "0:", ":", "garbage\n"}) {
    EXPECT_FALSE(cgroup_path(text, "cpu")) << text;
  }
}

}  // namespace
}  // namespace spillway::server
