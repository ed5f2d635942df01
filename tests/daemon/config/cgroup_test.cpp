#include "daemon/config/cgroup.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway::config {
namespace {

using Paths = std::vector<std::filesystem::path>;

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

TEST(CgroupFolders, GoFromTheOwnOneUpToTheRoot) {
  const CgroupFolders v2 = cgroup_folders("0::/system.slice/spillway.service\n", "memory");
  EXPECT_EQ(v2.version, CgroupFolders::Version::v2);
  EXPECT_EQ(v2.folders, (Paths{"/sys/fs/cgroup/system.slice/spillway.service",
                               "/sys/fs/cgroup/system.slice", "/sys/fs/cgroup/"}));
}

TEST(CgroupFolders, AreTheControllersWhereItHasAHierarchyOfItsOwn) {
  const CgroupFolders v1 = cgroup_folders("4:memory:/docker/b\n0::/e\n", "memory");
  EXPECT_EQ(v1.version, CgroupFolders::Version::v1);
  EXPECT_EQ(v1.folders, (Paths{"/sys/fs/cgroup/memory/docker/b", "/sys/fs/cgroup/memory/docker",
                               "/sys/fs/cgroup/memory/"}));
}

TEST(CgroupFolders, AreTheRootWhereNothingIsKnown) {
  EXPECT_EQ(cgroup_folders("", "cpu").folders, (Paths{"/sys/fs/cgroup/"}));
}

TEST(SystemFile, IsEmptyWhereThereIsNone) { EXPECT_EQ(system_file("/nowhere/at/all"), ""); }

}  // namespace
}  // namespace spillway::config
