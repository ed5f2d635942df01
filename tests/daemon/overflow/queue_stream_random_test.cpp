// Queues of a stream's bytes against a string, and the places in it where messages end.
#include "queue_model.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace spillway::overflow {
namespace {

class Stream : public QueueModel {
 protected:
  Stream() : QueueModel(Queue::Content::stream) {}

  void step() { random(2) == 0 ? push() : send(); }

  void check() {
    check_limits(waiting_.size(), ends_.size());
    ASSERT_EQ(queue_.partial_bytes(), 0U);
    ASSERT_EQ(queue_.begun_bytes(), 0U);
    ASSERT_EQ(memory_.total(), waiting_.size());
    const Queue::Portion all = queue_.head(views_, everything);
    ASSERT_EQ(text_of(all), waiting_);
    ASSERT_EQ(all.messages, ends_.size());
  }

 private:
  struct End {
    std::size_t position;  // in the whole stream
    TimePoint at;
  };

  /// Pieces that begin and end anywhere; without framing each is a message.
  void push() {
    if (waiting_.size() > bytes_limit) return;
    now_ += std::chrono::milliseconds(1);  // two reads of one time are one
    while (coming_.empty() || random(2) == 0) {
      coming_ += make_message();
      coming_ends_.push_back(made_ += coming_.size() - std::exchange(counted_, coming_.size()));
    }
    const bool has_messages = framing_.has_messages();
    const std::string piece = coming_.substr(0, 1 + random(coming_.size()));
    coming_.erase(0, piece.size());
    counted_ = coming_.size();
    waiting_ += piece;
    arrived_ += piece.size();
    if (!has_messages) coming_ends_ = {arrived_};
    std::size_t messages = 0;
    for (; !coming_ends_.empty() && coming_ends_.front() <= arrived_; ++messages) {
      ends_.push_back({coming_ends_.front(), now_});
      coming_ends_.pop_front();
    }
    const Framer at = framer_;
    framer_.scan(as_bytes(piece));
    queue_.push(as_bytes(piece), messages, now_, at);
  }

  void send() {
    const std::size_t most = some_most();
    const Queue::Portion portion = queue_.head(views_, most);
    const std::string expected = waiting_.substr(0, most);
    ASSERT_EQ(text_of(portion), expected);
    ASSERT_EQ(portion.bytes, expected.size());
    if (random(6) == 0) return;  // the sink refused

    sent_ += expected.size();
    waiting_.erase(0, expected.size());
    std::vector<TimePoint> times;
    while (!ends_.empty() && ends_.front().position <= sent_) {
      times.push_back(ends_.front().at);
      ends_.pop_front();
    }
    ASSERT_EQ(portion.messages, times.size());
    ASSERT_EQ(pop(portion), times);
  }

  Framer framer_{framing_};  // at the end of what arrived
  std::string waiting_;
  std::deque<End> ends_;  // of the messages in it
  std::string coming_;    // what is still to arrive, and the ends in it
  std::deque<std::size_t> coming_ends_;
  std::size_t counted_ = 0;
  std::size_t made_ = 0;
  std::size_t arrived_ = 0;
  std::size_t sent_ = 0;
};

TEST_P(Stream, IsSentAsItCameAndItsMessagesAreCounted) {
  for (int i = 0; i < 2000 && !HasFatalFailure(); ++i) {
    step();
    check();
  }
}

INSTANTIATE_TEST_SUITE_P(Framings, Stream,
                         ::testing::Combine(::testing::Range<std::size_t>(0, framings.size()),
                                            ::testing::Range(0U, 3U)),
                         name_of);

}  // namespace
}  // namespace spillway::overflow
