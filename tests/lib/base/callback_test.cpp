#include <spillway/callback.hpp>

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <utility>

namespace spillway {
namespace {

static_assert(sizeof(Callback) == 2 * sizeof(void*));

TEST(Callback, CallsWhatRefersToItsOwner) {
  int calls = 0;
  Callback callback([&calls] { ++calls; });
  callback();
  callback();
  EXPECT_EQ(calls, 2);
}

TEST(Callback, CallsWhatIsLargerThanItself) {
  int sum = 0;
  Callback callback([&sum, numbers = std::array{1, 2, 3, 4, 5, 6, 7, 8}] {
    for (const int number : numbers) sum += number;
  });
  callback();
  EXPECT_EQ(sum, 36);
}

TEST(Callback, KeepsAStateOfItsOwn) {
  int last = 0;
  Callback callback([&last, count = 0]() mutable { last = ++count; });
  callback();
  callback();
  EXPECT_EQ(last, 2);
}

TEST(Callback, DestroysWhatItOwnsOnce) {
  const auto owned = std::make_shared<int>(0);
  {
    Callback first([owned] { ++*owned; });
    Callback second(std::move(first));
    second();
    EXPECT_EQ(owned.use_count(), 2);
    second = Callback([] {});
    EXPECT_EQ(owned.use_count(), 1);
    second = Callback([owned] { ++*owned; });
    second();
  }
  EXPECT_EQ(*owned, 2);
  EXPECT_EQ(owned.use_count(), 1);
}

}  // namespace
}  // namespace spillway
