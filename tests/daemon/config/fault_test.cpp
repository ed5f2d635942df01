#include "daemon/config/fault.hpp"

#include <gtest/gtest.h>

namespace spillway::config {
namespace {

TEST(Fault, IsWrittenWithThePartsThatItHas) {
  EXPECT_EQ(to_string({"a.yaml", 3, 7, "feed", "words"}), "a.yaml:3:7: route \"feed\": words");
  EXPECT_EQ(to_string({"a.yaml", 3, 7, "", "words"}), "a.yaml:3:7: words");
  EXPECT_EQ(to_string({"a.yaml", 0, 0, "", "words"}), "a.yaml: words");
  EXPECT_EQ(to_string({"", 0, 0, "echo", "words"}), "route \"echo\": words");
}

TEST(Fault, SortingKeepsTheOrderAtOnePlace) {
  Faults faults = {
      {"", 2, 1, "", "d"}, {"", 1, 5, "", "b"}, {"", 1, 5, "", "c"}, {"", 0, 0, "", "a"}};
  sort_by_place(faults);
  std::string order;
  for (const Fault& fault : faults) order += fault.message;
  EXPECT_EQ(order, "abcd");
}

}  // namespace
}  // namespace spillway::config
