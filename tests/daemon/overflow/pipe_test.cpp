#include "daemon/overflow/pipe.hpp"

#include "tests/daemon/overflow/pipe_harness.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;
using overflow::Stride;

constexpr std::size_t kib = 1024;

TEST(Pipe, SendsAtOnceWhileNothingWaits) {
  PipeHarness pipe(64 * kib);
  pipe.connect_sink();
  pipe.arrives("hello ");
  pipe.arrives("world");
  EXPECT_EQ(pipe.sink_wire.written(), "hello world");
  EXPECT_EQ(pipe.figures().counters.bytes_out, 11U);
  EXPECT_EQ(pipe.figures().counters.messages_out, 2U);
  EXPECT_EQ(pipe.figures().queue_peak, 0U);
}

TEST(Pipe, KeepsForASinkThatHasNotStarted) {
  PipeHarness pipe(64 * kib);
  pipe.arrives("early ");
  pipe.arrives("bird");
  EXPECT_EQ(pipe.figures().queue_peak, 10U);
  EXPECT_EQ(pipe.figures().unsent(), 10U);
  pipe.connect_sink();
  EXPECT_EQ(pipe.sink_wire.written(), "early bird");
  EXPECT_EQ(pipe.figures().counters.messages_out, 2U);
  EXPECT_EQ(pipe.figures().unsent(), 0U);
}

// SC-4: NotWriteable is where the queue begins; what waits is never overtaken.
TEST(Pipe, QueuesWhatTheSinkRefusesAndKeepsOrder) {
  PipeHarness pipe(64 * kib);
  pipe.connect_sink();
  pipe.sink_takes(2);
  pipe.arrives("abcd");
  pipe.arrives("ef");
  pipe.arrives("gh");
  EXPECT_EQ(pipe.sink_wire.written(), "ab");
  EXPECT_EQ(pipe.figures().counters.bytes_out, 0U);
  EXPECT_EQ(pipe.figures().queue_peak, 4U);
  pipe.sink_takes_everything();
  EXPECT_EQ(pipe.sink_wire.written(), "abcdefgh");
  EXPECT_EQ(pipe.figures().counters.messages_out, 3U);
}

// A whole read for a sink that takes it in one send; for one that does not it would only wait here,
// and what the queue has no room for would wait beside it.
TEST(Pipe, LetsTheSourceReadAsMuchAsTheSinkMayBeOffered) {
  PipeHarness pipe(64 * kib);
  pipe.connect_sink();
  pipe.arrives(pattern(256 * kib));
  pipe.sink_takes(10);
  pipe.arrives(pattern(1024 * kib));
  EXPECT_EQ(pipe.figures().counters.bytes_in, (256 + 256 + 64 + 16) * kib);
  EXPECT_EQ(pipe.figures().queue_peak, (64 + 16) * kib);
  pipe.sink_takes_everything();
  EXPECT_EQ(pipe.figures().counters.bytes_out, (256 + 1024) * kib);
}

TEST(Pipe, GathersWhatWaitedIntoOneWrite) {
  PipeHarness pipe(64 * kib);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives("first");
  for (int i = 0; i < 50; ++i) pipe.arrives("message");
  const int before = pipe.sink_wire.write_calls();
  pipe.sink_takes_everything();
  // One for the send that throttled, one for all that waited.
  EXPECT_EQ(pipe.sink_wire.write_calls() - before, 2);
  EXPECT_EQ(pipe.figures().counters.messages_out, 51U);
}

TEST(Pipe, PausesTheSourceWhenFullAndKeepsTheMessageThatFoundItFull) {
  PipeHarness pipe(10);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives("first");
  pipe.arrives("12345678");
  EXPECT_FALSE(pipe.source.is_muted());
  pipe.arrives("too much");
  EXPECT_TRUE(pipe.source.is_muted());
  EXPECT_EQ(pipe.figures().queue_peak, 16U);
  EXPECT_EQ(pipe.figures().counters.pauses, 1U);

  pipe.arrives("not read while paused");
  EXPECT_EQ(pipe.figures().counters.bytes_in, 21U);
  pipe.sink_takes_everything();
  EXPECT_EQ(pipe.sink_wire.written(), "first12345678too muchnot read while paused");
  EXPECT_FALSE(pipe.source.is_muted());
}

TEST(Pipe, ResumesAtTheLowMarkAndNotBefore) {
  PipeHarness pipe(200 * kib);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives("x");
  pipe.arrives(pattern(200 * kib));
  pipe.arrives("y");
  ASSERT_TRUE(pipe.source.is_muted());
  // The sink takes what was pending and is offered 64 KiB: 136 KiB still wait.
  pipe.sink_takes(2);
  EXPECT_TRUE(pipe.source.is_muted());
  // One more: 72 KiB wait.
  pipe.sink_takes(64 * kib);
  EXPECT_FALSE(pipe.source.is_muted());
}

TEST(Pipe, WithoutAQueueTheFirstRefusalPauses) {
  PipeHarness pipe(0);
  pipe.connect_sink();
  pipe.sink_takes(1);
  pipe.arrives("ab");
  EXPECT_FALSE(pipe.source.is_muted());
  pipe.arrives("cd");
  EXPECT_TRUE(pipe.source.is_muted());
  pipe.sink_takes_everything();
  EXPECT_FALSE(pipe.source.is_muted());
  EXPECT_EQ(pipe.sink_wire.written(), "abcd");
}

TEST(Pipe, MeasuresPausesAlsoOnesThatLast) {
  PipeHarness pipe(0);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives("a");
  pipe.arrives("b");
  pipe.clock.advance(3s);
  pipe.pipe->settle_figures();
  EXPECT_EQ(pipe.figures().counters.paused, 3s);
  pipe.sink_takes_everything();
  pipe.clock.advance(5s);
  EXPECT_EQ(pipe.figures().counters.paused, 3s);
  EXPECT_EQ(pipe.figures().counters.pauses, 1U);
}

TEST(Pipe, MeasuresFromTheSendToItsOnSent) {
  PipeHarness pipe(64 * kib);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives("slow");
  pipe.clock.advance(20ms);
  pipe.sink_takes_everything();
  EXPECT_EQ(pipe.latency.count(), 1U);
  EXPECT_EQ(pipe.latency.max_us(), 20'000U);
}

// What is left of one send lies outside of the queue's limit: it stays at 64 KiB for a slow sink.
TEST(Pipe, OffersASlowSinkNoMoreThan64KiBAtATime) {
  PipeHarness pipe(1024 * kib);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives(pattern(250 * kib));
  EXPECT_EQ(pipe.sink.pending_bytes(), Stride::cautious);
  for (int i = 0; i < 20; ++i) pipe.sink_takes(20 * kib);
  pipe.arrives(pattern(250 * kib));
  EXPECT_EQ(pipe.most_pending, Stride::cautious);
}

TEST(Pipe, OffersAFastSinkAWholeReadInOneWrite) {
  PipeHarness pipe(64 * kib);
  pipe.connect_sink();
  pipe.arrives(pattern(256 * kib));
  const int before = pipe.sink_wire.write_calls();
  pipe.arrives(pattern(256 * kib));
  EXPECT_EQ(pipe.sink_wire.write_calls() - before, 1);
}

TEST(Pipe, CountsAMessageThatWentInPiecesOnce) {
  PipeHarness pipe(64 * kib);
  pipe.connect_sink();
  pipe.sink_takes(100 * kib);
  pipe.arrives(pattern(200 * kib));
  EXPECT_EQ(pipe.figures().counters.messages_out, 0U);
  EXPECT_EQ(pipe.figures().counters.bytes_out, 64 * kib);
  pipe.sink_takes_everything();
  EXPECT_EQ(pipe.figures().counters.messages_in, 1U);
  EXPECT_EQ(pipe.figures().counters.messages_out, 1U);
  EXPECT_EQ(pipe.sink_wire.written(), pattern(200 * kib));
}

TEST(Pipe, SendsTheRestBeforeItEndsTheSink) {
  PipeHarness pipe(64 * kib);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives("first");
  pipe.arrives("second");
  pipe.source_ends();
  EXPECT_FALSE(pipe.sink_wire.fin());
  EXPECT_FALSE(pipe.pipe->is_finished());
  pipe.sink_takes_everything();
  EXPECT_EQ(pipe.sink_wire.written(), "firstsecond");
  EXPECT_TRUE(pipe.sink_wire.fin());
  EXPECT_TRUE(pipe.pipe->is_finished());
  EXPECT_EQ(pipe.figures().counters.bytes_out, 11U);
}

TEST(Pipe, IsNotFinishedWhileBytesArePending) {
  PipeHarness pipe(64 * kib);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives("pending");
  pipe.source_ends();
  EXPECT_FALSE(pipe.pipe->is_finished());
  pipe.sink_takes_everything();
  EXPECT_TRUE(pipe.pipe->is_finished());
}

TEST(Pipe, EndsASinkThatStartsAfterTheSourceEnded) {
  PipeHarness pipe(64 * kib);
  pipe.arrives("all");
  pipe.source_ends();
  pipe.connect_sink();
  EXPECT_EQ(pipe.sink_wire.written(), "all");
  EXPECT_TRUE(pipe.sink_wire.fin());
  EXPECT_TRUE(pipe.pipe->is_finished());
}

// SC-26, SC-16: a broken sink takes nothing; what came in is unsent, and never out.
TEST(Pipe, CountsWhatALostSinkDidNotTakeAsUnsent) {
  PipeHarness pipe(64 * kib);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives("partly");
  pipe.arrives("queued");
  pipe.sink_wire.breaks();
  pipe.run();
  EXPECT_TRUE(pipe.sink_closed);
  pipe.arrives("more");
  EXPECT_EQ(pipe.figures().counters.bytes_out, 0U);
  EXPECT_EQ(pipe.figures().unsent(), 16U);
  EXPECT_FALSE(pipe.pipe->is_finished());
}

TEST(Pipe, SeesTheProgressOfASendThatGoesPieceByPiece) {
  PipeHarness pipe(64 * kib);
  pipe.connect_sink();
  pipe.sink_takes(0);
  pipe.arrives(pattern(60 * kib));
  const TimePoint start = pipe.clock.now();
  pipe.clock.advance(1s);
  EXPECT_EQ(pipe.pipe->look_for_progress(), start);
  pipe.sink_takes(10);
  pipe.clock.advance(1s);
  EXPECT_EQ(pipe.pipe->look_for_progress(), start + 2s);
  pipe.clock.advance(1s);
  EXPECT_EQ(pipe.pipe->look_for_progress(), start + 2s);
}

// The whole stream, whatever the sizes and however the sink stutters.
TEST(Pipe, LosesNothingAndKeepsOrderAtRandom) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    PipeHarness pipe(random() % 3 == 0 ? 0 : random() % (200 * kib));
    std::string sent;
    if (seed % 2 == 0) pipe.connect_sink();
    for (int step = 0; step < 200; ++step) {
      if (step == 50 && seed % 2 == 1) pipe.connect_sink();
      if (random() % 2 == 0) {
        const std::string piece =
            pattern(random() % (random() % 4 == 0 ? 200 * kib : 100) + 1, sent.size());
        sent += piece;
        pipe.arrives(piece);
      } else {
        pipe.sink_takes(random() % 3 == 0 ? 0 : random() % (300 * kib));
      }
    }
    pipe.source_ends();
    pipe.sink_takes_everything();
    EXPECT_EQ(pipe.sink_wire.written(), sent);
    EXPECT_EQ(pipe.figures().counters.bytes_out, sent.size());
    EXPECT_EQ(pipe.figures().counters.messages_out, pipe.figures().counters.messages_in);
    EXPECT_TRUE(pipe.sink_wire.fin());
  }
}

}  // namespace
}  // namespace spillway::testing
