#include "daemon/server/usable_cpus.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace spillway::server
