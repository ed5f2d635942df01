#include "daemon/overflow/byte_fifo.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace spillway::overflow {
namespace {

constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

std::string text_of(const ByteFifo& fifo, std::size_t most = everything) {
  std::vector<Bytes> room(64);
  std::string text;
  for (const Bytes view : fifo.head(room, most)) text += as_text(view);
  return text;
}

// Where the chunks of a fifo lie whose first byte is the first of a chunk.
std::set<const std::byte*> chunks_of(const ByteFifo& fifo) {
  std::vector<Bytes> room(64);
  std::set<const std::byte*> chunks;
  for (const Bytes view : fifo.head(room, everything)) chunks.insert(view.data());
  return chunks;
}

// No two places of it look alike, whole chunks apart or not.
std::string sample(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i % 251);
  return text;
}

class ByteFifoTest : public ::testing::Test {
 protected:
  MemoryLimit memory_{1, [] {}};  // so small that its steps are single bytes
  MemoryAccount account_{memory_};
  ChunkPool chunks_{account_};
  ByteFifo fifo_{chunks_};
  ByteFifo other_{chunks_};
};

TEST_F(ByteFifoTest, IsEmptyAtFirst) {
  EXPECT_TRUE(fifo_.empty());
  EXPECT_EQ(fifo_.size(), 0U);
  EXPECT_EQ(text_of(fifo_), "");
  fifo_.pop(0);
  fifo_.cut(0);
  fifo_.clear();
  EXPECT_TRUE(fifo_.empty());
}

TEST_F(ByteFifoTest, ReturnsItsBytesInOrderAcrossChunks) {
  const std::string text = sample(3 * Chunk::size + 7);
  fifo_.push(as_bytes(text));
  EXPECT_EQ(fifo_.size(), text.size());
  EXPECT_EQ(text_of(fifo_), text);
  fifo_.pop(Chunk::size - 1);
  EXPECT_EQ(text_of(fifo_), text.substr(Chunk::size - 1));
}

TEST_F(ByteFifoTest, GoesOnInTheChunkThatACutLeftPartlyFull) {
  fifo_.push(as_bytes(sample(2 * Chunk::size)));
  fifo_.cut(Chunk::size + 5);
  fifo_.push(as_bytes("123456789"));
  EXPECT_EQ(text_of(fifo_), sample(Chunk::size - 5) + "123456789");
}

TEST_F(ByteFifoTest, GoesOnBehindACutAtAChunksEnd) {
  fifo_.push(as_bytes(sample(2 * Chunk::size)));
  fifo_.cut(Chunk::size);
  fifo_.push(as_bytes("next"));
  EXPECT_EQ(text_of(fifo_), sample(Chunk::size) + "next");
}

TEST_F(ByteFifoTest, ShowsNoMoreOfItsHeadThanAsked) {
  fifo_.push(as_bytes("abcdef"));
  EXPECT_EQ(text_of(fifo_, 4), "abcd");
  EXPECT_EQ(text_of(fifo_, 0), "");
}

TEST_F(ByteFifoTest, ShowsNoMoreViewsThanThereIsRoomFor) {
  fifo_.push(as_bytes(sample(3 * Chunk::size)));
  std::array<Bytes, 2> views;
  ASSERT_EQ(fifo_.head(views, everything).size(), 2U);
  EXPECT_EQ(views[0].size() + views[1].size(), 2 * Chunk::size);
  EXPECT_TRUE(fifo_.head({}, everything).empty());
}

TEST_F(ByteFifoTest, MovesWholeChunksWithoutACopy) {
  fifo_.push(as_bytes(sample(3 * Chunk::size)));
  const auto before = chunks_of(fifo_);
  fifo_.move_head(2 * Chunk::size, other_);
  auto after = chunks_of(fifo_);
  after.merge(chunks_of(other_));
  EXPECT_EQ(after, before);
}

TEST_F(ByteFifoTest, MovesNothingIntoAFifoThatGoesOnAsBefore) {
  fifo_.push(as_bytes("abc"));
  fifo_.pop(1);
  fifo_.move_head(0, other_);
  EXPECT_TRUE(other_.empty());
  other_.push(as_bytes("x"));
  EXPECT_EQ(text_of(other_), "x");
  EXPECT_EQ(text_of(fifo_), "bc");
}

TEST_F(ByteFifoTest, HoldsNoChunkWhileItIsEmptyHoweverItBecameSo) {
  const std::vector<std::function<void()>> ways{
      [this] { fifo_.pop(fifo_.size()); },
      [this] { fifo_.cut(fifo_.size()); },
      [this] { fifo_.clear(); },
      [this] {
        fifo_.pop(1);
        fifo_.cut(1);
        fifo_.pop(fifo_.size());
      },
      [this] {
        fifo_.move_head(fifo_.size(), other_);
        other_.clear();
      },
      [this] {
        fifo_.move_head(Chunk::size + 1, other_);
        other_.pop(other_.size());
        fifo_.cut(fifo_.size());
      },
  };
  const std::string text = sample(3 * Chunk::size - 2);
  fifo_.push(as_bytes(text));
  auto chunks = chunks_of(fifo_);
  for (const auto& empty_it : ways) {
    if (fifo_.empty()) fifo_.push(as_bytes(text));
    empty_it();
    EXPECT_TRUE(fifo_.empty());
    EXPECT_EQ(memory_.total(), 0U);

    ByteFifo next(chunks_);
    next.push(as_bytes(text));
    // One that was copied of a shared chunk may have joined the pool, none may have left it.
    chunks.merge(chunks_of(next));
    EXPECT_LE(chunks.size(), 4U);
  }
}

TEST_F(ByteFifoTest, GivesItsChunksBackWhenItIsDestroyed) {
  std::set<const std::byte*> of_first;
  {
    ByteFifo first(chunks_);
    first.push(as_bytes(sample(2 * Chunk::size)));
    of_first = chunks_of(first);
  }
  EXPECT_EQ(memory_.total(), 0U);
  fifo_.push(as_bytes(sample(2 * Chunk::size)));
  EXPECT_EQ(chunks_of(fifo_), of_first);
}

/// Two fifos and two strings to which the same is done.
class ByteFifoModel : public ByteFifoTest, public ::testing::WithParamInterface<unsigned> {
 protected:
  void step() {
    switch (random_() % 8) {
      case 0:
      case 1:
      case 2:
        return push();
      case 3:
      case 4:
        return pop();
      case 5:
        return cut();
      case 6:
        return move();
      default:
        return random_() % 16 == 0 ? clear() : look();
    }
  }

  void check() {
    ASSERT_EQ(fifo_.size(), model_.size());
    ASSERT_EQ(fifo_.empty(), model_.empty());
    ASSERT_EQ(text_of(fifo_), model_);
    ASSERT_EQ(text_of(other_), other_model_);
    ASSERT_EQ(memory_.total(), model_.size() + other_model_.size());
    std::vector<Bytes> room(64);
    ASSERT_LE(fifo_.head(room, everything).size(), model_.size() / Chunk::size + 2);
  }

 private:
  // Mostly near the edges of chunks; at most `most`.
  std::size_t some(std::size_t most) {
    const std::array<std::size_t, 8> sizes{0,
                                           1,
                                           Chunk::size - 1,
                                           Chunk::size,
                                           Chunk::size + 1,
                                           2 * Chunk::size,
                                           random_() % 300,
                                           random_() % (3 * Chunk::size)};
    return random_() % 6 == 0 ? most : std::min(most, sizes[random_() % sizes.size()]);
  }

  void push() {
    std::string text(some(fifo_.size() > 8 * Chunk::size ? 10 : 3 * Chunk::size), '\0');
    for (char& byte : text) byte = static_cast<char>(next_++ % 251);
    fifo_.push(as_bytes(text));
    model_ += text;
  }
  void pop() {
    const std::size_t size = some(model_.size());
    fifo_.pop(size);
    model_.erase(0, size);
  }
  void cut() {
    const std::size_t size = some(model_.size());
    fifo_.cut(size);
    model_.resize(model_.size() - size);
  }
  void move() {
    other_.pop(other_.size());
    const std::size_t size = some(model_.size());
    fifo_.move_head(size, other_);
    other_model_ = model_.substr(0, size);
    model_.erase(0, size);
    // What was moved goes on as a fifo like any.
    const std::string more = "more";
    if (random_() % 2 == 0) {
      other_.push(as_bytes(more));
      other_model_ += more;
    }
  }
  void clear() {
    fifo_.clear();
    model_.clear();
  }
  void look() {
    const std::size_t most = some(model_.size() + 10);
    ASSERT_EQ(text_of(fifo_, most), model_.substr(0, most));
    if (model_.empty()) return;
    const std::size_t offset = random_() % model_.size();
    const Bytes view = fifo_.view_at(offset);
    ASSERT_FALSE(view.empty());
    ASSERT_EQ(as_text(view), std::string_view(model_).substr(offset, view.size()));
  }

  std::mt19937 random_{GetParam()};
  std::uint32_t next_ = 0;
  std::string model_;
  std::string other_model_;
};

TEST_P(ByteFifoModel, DoesWhatAStringDoes) {
  for (int i = 0; i < 1000 && !HasFatalFailure(); ++i) {
    step();
    check();
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ByteFifoModel, ::testing::Range(0U, 8U));

}  // namespace
}  // namespace spillway::overflow
