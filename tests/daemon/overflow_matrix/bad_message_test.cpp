// A source whose message is larger than it may be, or cannot be one.
#include "tests/daemon/overflow_matrix/matrix_test.hpp"

#include <string>

namespace spillway::testing {
namespace {

class BadMessage : public MatrixTest {
 protected:
  void expect_failed_source(const std::string& reason) {
    expect_cut_short("PD proxy " + reason);
    EXPECT_TRUE(source().was_reset());
    EXPECT_TRUE(sink().was_reset());
    const auto line = log().only("connection_failed");
    EXPECT_EQ(value(line, "side"), source_name());
    EXPECT_EQ(value(line, "reason"), reason);
    EXPECT_NE(value(line, "detail"), "?");
    EXPECT_EQ(counters().closed_slow_consumer + counters().closed_stalled, 0U);
  }
  [[nodiscard]] std::string too_big() const {
    return messages().message_of_size(few, max_message + 1);
  }
};

class TooBig : public BadMessage {};

INSTANTIATE_TEST_SUITE_P(Matrix, TooBig, ::testing::ValuesIn(cells_where([](const Cell& cell) {
                           return cell.has_messages() && cell.shape != Shape::fixed;
                         })),
                         cell_name);

TEST_P(TooBig, EndsTheSessionAfterTheGoodOnes) {
  open();
  feed(few);
  const std::size_t good = sink().heard().size();
  feed_bytes(too_big());
  expect_failed_source("message_too_big");
  EXPECT_EQ(counters().dropped_bytes(), 0U);
  // A stream is passed on as it comes, up to the byte that is too much.
  EXPECT_GE(sink().heard().size(), good);
  if (cell().drops()) {
    EXPECT_EQ(sink().heard().size(), good);
  }
}

TEST_P(TooBig, EndsTheSessionWhileTheSinkIsFull) {
  open();
  sink().blocks();
  feed(few);
  feed_bytes(too_big());
  expect_failed_source("message_too_big");
}

TEST_P(TooBig, ExactlyMaxMessageIsNot) {
  open();
  feed_bytes(messages().message_of_size(0, max_message));
  EXPECT_EQ(counters().messages_out, 1U);
  expect_everything();
  expect_clean_end();
}

class BadLength : public BadMessage {};

INSTANTIATE_TEST_SUITE_P(Matrix, BadLength, ::testing::ValuesIn(cells_where([](const Cell& cell) {
                           return cell.shape == Shape::prefix_little;
                         })),
                         cell_name);

TEST_P(BadLength, SmallerThanItselfEndsTheSession) {
  open();
  feed(few);
  feed_bytes(std::string("\3\0\0\0abc", 7));
  expect_failed_source("bad_length");
}

TEST_P(BadLength, EndsTheSessionWhileTheSinkIsFull) {
  open();
  sink().blocks();
  feed(few);
  feed_bytes(std::string(4, '\0'));
  expect_failed_source("bad_length");
}

}  // namespace
}  // namespace spillway::testing
