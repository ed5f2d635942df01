#include "daemon/proxy/connection_limit.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace spillway::proxy {
namespace {

using Place = ConnectionLimit::Place;

TEST(ConnectionLimit, RefusesWhenAllPlacesAreTaken) {
  ConnectionLimit limit(2);
  const auto first = limit.take();
  const auto second = limit.take();
  EXPECT_TRUE(first);
  EXPECT_TRUE(second);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limit.take());
}

TEST(ConnectionLimit, GivesAPlaceThatWasGivenBackToTheNextOne) {
  ConnectionLimit limit(1);
  for (int i = 0; i < 3; ++i) {
    const auto place = limit.take();
    EXPECT_TRUE(place);
    EXPECT_FALSE(limit.take());
  }
}

TEST(ConnectionLimit, RefusalsCostNoPlace) {
  ConnectionLimit limit(1);
  auto place = limit.take();
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limit.take());
  place.reset();
  EXPECT_TRUE(limit.take());
}

TEST(ConnectionLimit, OfZeroIsNone) {
  ConnectionLimit limit(0);
  std::vector<std::optional<Place>> places(10'000);
  for (auto& place : places) {
    place = limit.take();
    ASSERT_TRUE(place);
  }
}

TEST(ConnectionLimit, SaysHowManyItAllows) { EXPECT_EQ(ConnectionLimit(7).most(), 7U); }

TEST(ConnectionLimit, APlaceMovesWithoutBeingGivenBack) {
  ConnectionLimit limit(1);
  std::optional<Place> taken = limit.take();
  Place moved = std::move(*taken);
  taken.reset();
  EXPECT_FALSE(limit.take());
  Place assigned;
  assigned = std::move(moved);
  EXPECT_FALSE(limit.take());
}

TEST(ConnectionLimit, APlaceThatTakesOverAnotherGivesBackItsOwn) {
  ConnectionLimit limit(2);
  std::vector<Place> places;
  places.push_back(*limit.take());
  {
    Place second = *limit.take();
    places.front() = std::move(second);
    EXPECT_FALSE(limit.take()) << "both are held, one by each";
  }
  EXPECT_TRUE(limit.take());
  places.clear();
  const auto first = limit.take();
  EXPECT_TRUE(first && limit.take());
}

TEST(ConnectionLimit, APlaceOfNoLimitIsNothing) {
  Place nothing;
  const Place moved = std::move(nothing);
}

TEST(ConnectionLimit, IsNeverPassedByManyThreads) {
  constexpr int most = 3;
  ConnectionLimit limit(most);
  std::atomic<int> held{0};
  std::atomic<int> highest{0};
  std::vector<std::jthread> threads;
  for (int loop = 0; loop < 8; ++loop) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20'000; ++i) {
        const auto place = limit.take();
        if (!place) continue;
        const int now = ++held;
        for (int seen = highest; seen < now && !highest.compare_exchange_weak(seen, now);) {
        }
        --held;
      }
    });
  }
  threads.clear();
  EXPECT_LE(highest, most);
  EXPECT_GT(highest, 0);
  std::vector<std::optional<Place>> places;
  for (int i = 0; i < most; ++i) EXPECT_TRUE(places.emplace_back(limit.take()));
  EXPECT_FALSE(limit.take());
}

}  // namespace
}  // namespace spillway::proxy
