// Queues of whole messages against a model that keeps each as a string of its own.
#include "queue_model.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spillway::overflow {
namespace {

class WholeMessages : public QueueModel {
 protected:
  WholeMessages() : QueueModel(Queue::Content::whole_messages) {}

  void step() {
    if (random(3) == 0) now_ += std::chrono::milliseconds(random(100));
    switch (random(10)) {
      case 0:
      case 1:
        return push();
      case 2:
        return push_in_pieces();
      case 3:
        return begin();
      case 4:
      case 5:
        return drop();
      case 6:
        return drop_old();
      case 7:
        return random(30) == 0 ? clear() : push();
      default:
        return send();
    }
  }

  void check() {
    std::size_t bytes = begun_ ? begun_->bytes.size() : 0;
    for (const Message& message : waiting_) bytes += message.bytes.size();
    check_limits(bytes, waiting_.size() + (begun_ ? 1 : 0));
    ASSERT_EQ(queue_.partial_bytes(), partial_.size());
    ASSERT_EQ(queue_.begun_bytes(), begun_ ? begun_->bytes.size() : 0);
    ASSERT_EQ(queue_.can_drop(), !waiting_.empty());
    ASSERT_EQ(memory_.total(), bytes + partial_.size());
    // A look begins nothing as long as everything may be sent at once.
    const Queue::Portion all = queue_.head(views_, everything);
    std::string expected = begun_ ? begun_->bytes : "";
    for (const Message& message : waiting_) expected += message.bytes;
    ASSERT_EQ(text_of(all), expected);
    ASSERT_EQ(all.bytes, expected.size());
    ASSERT_EQ(all.messages, queue_.messages());
  }

 private:
  void push() {
    if (!partial_.empty() || waiting_.size() > 60) return;
    std::string read;
    const std::size_t count = 1 + random(4);
    for (std::size_t i = 0; i < count; ++i) {
      waiting_.push_back({make_message(), now_});
      read += waiting_.back().bytes;
    }
    queue_.push(as_bytes(read), count, now_);
  }

  void push_in_pieces() {
    if (partial_.empty()) rest_ = make_message();
    const bool is_last = random(2) == 0 || rest_.size() == 1;
    const std::string piece = is_last ? rest_ : rest_.substr(0, 1 + random(rest_.size() - 1));
    queue_.push_partial(as_bytes(piece));
    partial_ += piece;
    rest_.erase(0, piece.size());
    if (random(10) == 0) {
      ASSERT_EQ(queue_.drop_partial(), partial_.size());
      partial_.clear();
    } else if (is_last) {
      queue_.complete_partial(now_);
      waiting_.push_back({std::exchange(partial_, {}), now_});
    }
  }

  void begin() {
    if (begun_ || !waiting_.empty()) return;
    begun_ = {make_message(), now_};
    queue_.begin(as_bytes(begun_->bytes), now_);
  }

  void drop() {
    if (waiting_.empty()) return;
    const overflow::WholeMessages dropped = queue_.drop_head({.messages = 1, .bytes = 0});
    ASSERT_EQ(dropped.messages, 1U);
    ASSERT_EQ(dropped.bytes, waiting_.front().bytes.size());
    waiting_.pop_front();
  }

  void drop_old() {
    const TimePoint then = now_ - std::chrono::milliseconds(random(600));
    overflow::WholeMessages expected;
    while (!waiting_.empty() && waiting_.front().at < then) {
      ++expected.messages;
      expected.bytes += waiting_.front().bytes.size();
      waiting_.pop_front();
    }
    const overflow::WholeMessages dropped = queue_.drop_older_than(then);
    ASSERT_EQ(dropped.messages, expected.messages);
    ASSERT_EQ(dropped.bytes, expected.bytes);
  }

  void clear() {
    queue_.clear();
    waiting_.clear();
    begun_.reset();
    partial_.clear();
  }

  void send() {
    const std::size_t most = some_most();
    std::string expected;
    std::vector<TimePoint> times;
    expect_of_begun(most, expected, times);
    std::size_t whole = 0;
    if (!begun_ || expected.size() == begun_->bytes.size()) {
      for (const Message& message : waiting_) {
        if (expected.size() + message.bytes.size() > most) break;
        expected += message.bytes;
        times.push_back(message.at);
        ++whole;
      }
    }
    if (expected.empty() && !waiting_.empty()) {
      begun_ = std::move(waiting_.front());
      waiting_.pop_front();
      expect_of_begun(most, expected, times);
    }
    const Queue::Portion portion = queue_.head(views_, most);
    ASSERT_EQ(text_of(portion), expected);
    ASSERT_EQ(portion.bytes, expected.size());
    ASSERT_EQ(portion.messages, times.size());
    if (random(6) == 0) return;  // the sink refused

    ASSERT_EQ(pop(portion), times);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(whole));
    if (begun_) begun_->bytes.erase(0, expected.size());
    if (begun_ && begun_->bytes.empty()) begun_.reset();
  }

  void expect_of_begun(std::size_t most, std::string& expected, std::vector<TimePoint>& times) {
    if (!begun_) return;
    expected = begun_->bytes.substr(0, most);
    if (expected.size() == begun_->bytes.size()) times.push_back(begun_->at);
  }

  std::optional<Message> begun_;
  std::deque<Message> waiting_;
  std::string partial_;
  std::string rest_;  // of the message of which `partial_` is the beginning
};

TEST_P(WholeMessages, AreWhatIsSentAndWhatIsDropped) {
  for (int i = 0; i < 3000 && !HasFatalFailure(); ++i) {
    step();
    check();
  }
}

// Without framing no message can be told from the next: no policy drops there.
INSTANTIATE_TEST_SUITE_P(Framings, WholeMessages,
                         ::testing::Combine(::testing::Range<std::size_t>(1, framings.size()),
                                            ::testing::Range(0U, 3U)),
                         name_of);

}  // namespace
}  // namespace spillway::overflow
