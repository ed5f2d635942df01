// A source that says more than fits before there is a sink: nobody has been slow yet.
#include "tests/daemon/overflow_matrix/matrix_test.hpp"

namespace spillway::testing {
namespace {

class UpstreamAnswersLate : public MatrixTest {};

INSTANTIATE_TEST_SUITE_P(Matrix, UpstreamAnswersLate,
                         ::testing::ValuesIn(cells_where([](const Cell& cell) {
                           return cell.way == Way::to_upstream;
                         })),
                         cell_name);

TEST_P(UpstreamAnswersLate, NoPolicyLosesWhatWasSaidBefore) {
  open_unanswered();
  feed(many);
  EXPECT_FALSE(source().is_read());
  EXPECT_EQ(counters().dropped_messages(), 0U);
  ASSERT_FALSE(is_over());
  answer();
  EXPECT_TRUE(source().is_read());
  expect_everything();
  expect_clean_end();
}

TEST_P(UpstreamAnswersLate, ASinkThatIsFullFromTheStartIsLikeAnyOther) {
  open_unanswered();
  sink().blocks();
  feed(cell().policy == config::OverflowPolicy::close ? few : many);
  if (cell().guard == Guard::upstream_tls) sink().takes_everything();  // the handshake
  answer();
  sink().takes_everything();
  run();
  expect_order();
  expect_clean_end();
}

TEST_P(UpstreamAnswersLate, TheSourceMayHaveEnded) {
  open_unanswered();
  feed(few);
  source().ends();
  run();
  answer();
  EXPECT_TRUE(sink().heard_the_end());
  expect_everything();
  expect_clean_end();
}

}  // namespace
}  // namespace spillway::testing
