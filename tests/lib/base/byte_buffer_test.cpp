#include <spillway/byte_buffer.hpp>

#include <gtest/gtest.h>

#include <string>

namespace spillway {
namespace {

void append(ByteBuffer& buffer, std::string_view text) { buffer.append(as_bytes(text)); }

TEST(ByteBuffer, GivesBytesBackInOrder) {
  ByteBuffer buffer;
  append(buffer, "spill");
  append(buffer, "way");
  EXPECT_EQ(as_text(buffer.data()), "spillway");
  buffer.consume(5);
  EXPECT_EQ(as_text(buffer.data()), "way");
  buffer.consume(3);
  EXPECT_TRUE(buffer.empty());
}

TEST(ByteBuffer, CountsOnlyWhatIsCommitted) {
  ByteBuffer buffer;
  const auto room = buffer.prepare(100);
  ASSERT_EQ(room.size(), 100U);
  room[0] = std::byte{'x'};
  buffer.commit(1);
  EXPECT_EQ(as_text(buffer.data()), "x");
}

TEST(ByteBuffer, KeepsItsBytesWhenItGrows) {
  ByteBuffer buffer;
  std::string expected;
  for (int i = 0; i < 2000; ++i) {
    append(buffer, std::to_string(i));
    expected += std::to_string(i);
    if (i % 3 == 0) {
      buffer.consume(2 < expected.size() ? 2 : expected.size());
      expected.erase(0, 2);
    }
    ASSERT_EQ(as_text(buffer.data()), expected);
  }
}

TEST(ByteBuffer, ReusesTheRoomThatConsumedBytesLeave) {
  ByteBuffer buffer;
  append(buffer, std::string(1000, 'a'));
  const std::size_t capacity = buffer.capacity();
  for (int i = 0; i < 1000; ++i) {
    buffer.consume(600);
    append(buffer, std::string(600, 'b'));
  }
  EXPECT_LE(buffer.capacity(), 2 * capacity);
}

TEST(ByteBuffer, IsEmptyAfterItWasMovedFrom) {
  ByteBuffer buffer;
  append(buffer, "bytes");
  ByteBuffer other = std::move(buffer);
  EXPECT_EQ(as_text(other.data()), "bytes");
  EXPECT_TRUE(buffer.empty());  // NOLINT: what a moved-from buffer promises is the point
  append(buffer, "new");
  EXPECT_EQ(as_text(buffer.data()), "new");
  other = std::move(buffer);
  EXPECT_EQ(as_text(other.data()), "new");
}

TEST(ByteBuffer, GivesItsMemoryBack) {
  ByteBuffer buffer;
  append(buffer, "bytes");
  buffer.clear();
  buffer.release();
  EXPECT_EQ(buffer.capacity(), 0U);
  append(buffer, "again");
  EXPECT_EQ(as_text(buffer.data()), "again");
}

}  // namespace
}  // namespace spillway
