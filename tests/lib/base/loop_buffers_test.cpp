#include "base/loop_buffers.hpp"

#include <gtest/gtest.h>

#include <string>

namespace spillway {
namespace {

TEST(LoopBuffers, LendsEmptyBuffersThatNest) {
  LoopBuffers buffers;
  const LoopBuffers::Lease outer(buffers);
  outer->append(as_bytes("outer"));
  {
    const LoopBuffers::Lease inner(buffers);
    EXPECT_TRUE(inner->empty());
    inner->append(as_bytes("inner"));
  }
  EXPECT_EQ(as_text(outer->data()), "outer");
  const LoopBuffers::Lease again(buffers);
  EXPECT_TRUE(again->empty());
}

TEST(LoopBuffers, KeepsMemoryButNotAGiant) {
  LoopBuffers buffers;
  { LoopBuffers::Lease(buffers)->prepare(1000); }
  { EXPECT_GE(LoopBuffers::Lease(buffers)->capacity(), 1000U); }
  { LoopBuffers::Lease(buffers)->prepare(2 * LoopBuffers::keep_size); }
  { EXPECT_EQ(LoopBuffers::Lease(buffers)->capacity(), 0U); }
}

}  // namespace
}  // namespace spillway
