// What waits for a sink that cannot take it.
#pragma once

#include "daemon/overflow/backlog.hpp"
#include "daemon/overflow/chunk_pool.hpp"
#include "daemon/overflow/framer.hpp"
#include "daemon/overflow/whole_messages.hpp"

#include <spillway/bytes.hpp>
#include <spillway/clock.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>

namespace spillway::overflow {

/// Bytes and the messages in them, in order:
///
///     | begun | message | message | ... | partial |
///       head                                tail
///
/// `begun` is the rest of a message of which a part was sent: it can no longer be dropped.
/// `partial` is the start of a message of which the rest has not arrived: it can not be sent yet.
/// Both exist only where messages are kept whole; a stream passes on what it has.
///
/// It knows its limits and leaves what follows from them to the pipe. Boundaries are found again
/// where messages leave, so that not even a swarm of one-byte messages takes more memory than its
/// bytes and a quarter of the limit. While nothing waits it holds no memory.
class Queue {
 public:
  enum class Content { stream, whole_messages };

  struct Limits {
    std::size_t bytes;     // 0 = nothing fits
    std::size_t messages;  // 0 = no limit
  };

  /// Shared by the queues of one direction of a route.
  struct Rules {
    ChunkPool& chunks;
    const Framing& framing;
    Content content;
    Limits limits;
  };

  /// What leaves in one send.
  struct Portion {
    std::span<const Bytes> views;
    std::size_t bytes = 0;
    std::size_t messages = 0;  // that end in it
    Framer after;              // where the boundaries are found from then on
  };

  /// `rules`, and what they refer to, outlive the queue.
  explicit Queue(const Rules& rules) : rules_(rules) {}
  ~Queue() { clear(); }
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  /// True if so much more would stay within the limits.
  [[nodiscard]] bool fits(std::size_t bytes, std::size_t messages) const;
  /// The same for one message if all that can be dropped were.
  [[nodiscard]] bool could_fit(std::size_t bytes) const;
  /// How much more fits.
  [[nodiscard]] WholeMessages room() const;
  /// By how much so much more would pass the limits.
  [[nodiscard]] WholeMessages excess(WholeMessages more) const;
  /// At or below the low mark, half of each limit: a queue that was full takes messages again.
  [[nodiscard]] bool is_low() const;

  // What arrives; within the limits or not. `bytes` are not empty.
  /// Whole messages.
  void push(Bytes bytes, std::size_t messages, TimePoint now) {
    push(bytes, messages, now, Framer(rules_.framing));
  }
  /// The same, or a stream's next bytes in which `messages` end; `at` stands where they begin,
  /// which may be within a message of which the start went past the queue.
  void push(Bytes bytes, std::size_t messages, TimePoint now, const Framer& at);
  /// The next bytes of a message that is not whole yet.
  void push_partial(Bytes bytes);
  /// The partial message has all its bytes.
  void complete_partial(TimePoint now);
  /// Forgets the partial message. Returns its bytes.
  std::size_t drop_partial();
  /// A message that goes out in several sends, before everything else: the first may follow now.
  /// REQUIRES: nothing but a partial message waits.
  void begin(Bytes message, TimePoint now);

  // What leaves.
  /// What can be sent of the head, at most `most` bytes. Whole messages are not cut as long as they
  /// are not larger than `most`: one that is larger is begun. Empty if there is nothing to send.
  /// The views are made in `into` and valid until the next change. REQUIRES: `into` has room for
  /// what `most` bytes of a begun message are stored in.
  Portion head(std::span<Bytes> into, std::size_t most);
  /// `on_left(at, messages)` is called with the arrival times of the messages that left with it.
  template <class OnLeft>
  void pop(const Portion& portion, OnLeft on_left) {
    if (portion.bytes == 0) return;
    Backlog& waiting = *backlog_;
    const std::size_t of_begun = std::min(portion.bytes, waiting.begun.size());
    std::size_t of_stored = portion.messages;
    if (of_begun > 0) {
      waiting.begun.pop(of_begun);
      if (waiting.begun.empty()) {
        on_left(waiting.begun_at, std::size_t{1});
        --of_stored;
      }
    }
    waiting.stored.pop(portion.bytes - of_begun);
    waiting.arrivals.pop(portion.bytes - of_begun, of_stored, [&on_left](const Arrival& share) {
      if (share.messages > 0) on_left(share.at, std::size_t{share.messages});
    });
    waiting.messages -= portion.messages;
    waiting.head = portion.after;
    release_if_unused();
  }

  // What is dropped: whole messages from the head, and none that has begun.
  [[nodiscard]] bool can_drop() const {
    return backlog_ && backlog_->stored.size() > backlog_->partial;
  }
  /// The fewest that are at least so much; all, if they are not so much.
  WholeMessages drop_head(WholeMessages least);
  /// All that arrived before `then`.
  WholeMessages drop_older_than(TimePoint then);

  void clear();

  /// Not a byte is here.
  [[nodiscard]] bool unused() const { return !backlog_; }
  /// Nothing to send; a partial message may be there.
  [[nodiscard]] bool empty() const { return bytes() == 0; }
  /// Without a partial message, as the limits count.
  [[nodiscard]] std::size_t bytes() const {
    return backlog_ ? backlog_->begun.size() + backlog_->stored.size() - backlog_->partial : 0;
  }
  [[nodiscard]] std::size_t messages() const { return backlog_ ? backlog_->messages : 0; }
  [[nodiscard]] std::size_t partial_bytes() const { return backlog_ ? backlog_->partial : 0; }
  [[nodiscard]] std::size_t begun_bytes() const { return backlog_ ? backlog_->begun.size() : 0; }

 private:
  Backlog& backlog(const Framer& at);
  void release_if_unused();
  [[nodiscard]] Portion walk(std::span<const Bytes> views) const;
  void begin_first();
  [[nodiscard]] WholeMessages fewest(WholeMessages least) const;

  const Rules& rules_;
  std::unique_ptr<Backlog> backlog_;
};

}  // namespace spillway::overflow
