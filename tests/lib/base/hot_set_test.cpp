#include "base/hot_set.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace spillway {
namespace {

class Member final : public HotSet::Entry {
 public:
  int relaxed = 0;

 private:
  void relax() override { ++relaxed; }
};

TEST(HotSet, RelaxesTheOneThatWasQuietLongest) {
  HotSet set(2);
  Member a;
  Member b;
  Member c;
  set.touch(a);
  set.touch(b);
  set.touch(a);
  set.touch(c);
  EXPECT_EQ(a.relaxed, 0);
  EXPECT_EQ(b.relaxed, 1);
  EXPECT_EQ(c.relaxed, 0);
  EXPECT_EQ(set.size(), 2U);
}

TEST(HotSet, TakesAFallenEntryBack) {
  HotSet set(1);
  Member a;
  Member b;
  set.touch(a);
  set.touch(b);
  set.touch(a);
  EXPECT_EQ(a.relaxed, 1);
  EXPECT_EQ(b.relaxed, 1);
}

TEST(HotSet, ForgetsEntriesThatAreGone) {
  HotSet set(3);
  auto a = std::make_unique<Member>();
  auto b = std::make_unique<Member>();
  auto c = std::make_unique<Member>();
  set.touch(*a);
  set.touch(*b);
  set.touch(*c);
  b.reset();
  EXPECT_EQ(set.size(), 2U);
  c.reset();
  a.reset();
  EXPECT_EQ(set.size(), 0U);
  Member d;
  set.touch(d);
  EXPECT_EQ(set.size(), 1U);
}

TEST(HotSet, MayEndBeforeItsEntries) {
  Member a;
  {
    HotSet set(1);
    set.touch(a);
  }
  HotSet other(1);
  other.touch(a);
  EXPECT_EQ(other.size(), 1U);
}

}  // namespace
}  // namespace spillway
