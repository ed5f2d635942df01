#include "transport/handler_slot.hpp"

#include <gtest/gtest.h>

#include <cstddef>

namespace spillway {
namespace {

TEST(HandlerSlot, LendsTheSameRoomAgainAndAgain) {
  HandlerSlot slot;
  void* first = slot.allocate(100);
  slot.deallocate(first);
  void* second = slot.allocate(200);
  EXPECT_EQ(first, second);
  slot.deallocate(second);
}

TEST(HandlerSlot, LeavesToTheHeapWhatDoesNotFit) {
  HandlerSlot slot;
  void* inside = slot.allocate(8);
  void* while_taken = slot.allocate(8);
  EXPECT_NE(inside, while_taken);
  slot.deallocate(while_taken);
  slot.deallocate(inside);
  void* large = slot.allocate(100'000);
  EXPECT_NE(inside, large);
  slot.deallocate(large);
}

TEST(HandlerSlot, ServesAllocatorsOfEveryType) {
  HandlerSlot slot;
  HandlerAllocator<int> ints(slot);
  const HandlerAllocator<double> doubles(ints);
  EXPECT_TRUE(ints == doubles);
  int* room = ints.allocate(4);
  ints.deallocate(room, 4);
}

}  // namespace
}  // namespace spillway
