#include "daemon/observe/metrics_log.hpp"

#include "daemon/observe/render.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace spillway::observe {
namespace {

using config::LogLevel;
using namespace std::chrono_literals;

class RecordingLog final : public Log {
 public:
  [[nodiscard]] bool wants(LogLevel) const override { return true; }
  void write(const Event& event) override { events.push_back(event); }
  void set_level(config::LogLevel) override {}
  boost::system::result<void, LogError> reopen() override { return {}; }
  void flush(std::chrono::milliseconds) override {}
  [[nodiscard]] std::size_t lost_lines() const override { return 0; }

  std::vector<Event> events;
};

class MetricsLogTest : public ::testing::Test {
 protected:
  std::vector<Event> write() {
    metrics.write(table, 30s);
    return std::exchange(log.events, {});
  }
  /// REQUIRES: exactly one line is written.
  Event write_one() {
    std::vector<Event> events = write();
    if (events.size() != 1) throw std::logic_error(std::to_string(events.size()) + " lines");
    return events.front();
  }

  RecordingLog log;
  MetricsLog metrics{log};
  MetricsTable table;
  RouteMetrics& feed = table["feed"];
  FlowMetrics& flow = feed.to_client;
};

std::size_t position(const Event& event, std::string_view key) {
  for (std::size_t i = 0; i < event.fields().size(); ++i) {
    if (event.fields()[i].key == key) return i;
  }
  throw std::logic_error("no " + std::string(key));
}

const Event::Value& value(const Event& event, std::string_view key) {
  return event.fields()[position(event, key)].value;
}

std::uint64_t number(const Event& event, std::string_view key) {
  return std::get<std::uint64_t>(value(event, key));
}

std::string text(const Event& event, std::string_view key) {
  return std::get<std::string>(value(event, key));
}

void fill(FlowMetrics& flow) {
  flow.counters = {.bytes_in = 1000,
                   .bytes_out = 500,
                   .messages_in = 100,
                   .messages_out = 50,
                   .dropped_by_policy = {.messages = 1, .bytes = 10},
                   .dropped_by_age = {.messages = 2, .bytes = 20},
                   .dropped_partial = {.messages = 3, .bytes = 30},
                   .unsent_bytes = 40,
                   .refused_not_connected = 4,
                   .refused_not_ready = 5,
                   .refused_not_writeable = 6,
                   .pauses = 8,
                   .resumes = 7,
                   .paused = 1500us,
                   .slow_consumers = 9,
                   .closed_slow_consumer = 10,
                   .closed_stalled = 11,
                   .closed_memory = 12};
  flow.send_latency.record(3us, 999);
  flow.send_latency.record(1025us);
  flow.queue_latency.record(2us);
  flow.queued_bytes = 250;
  flow.queued_messages = 25;
  flow.throttled = 2;
  flow.slow = 1;
  flow.queue_peak = 90;
  flow.recent_queue_peak = 80;
}

TEST_F(MetricsLogTest, WritesALineOfText) {
  feed.sessions = 13;
  feed.sessions_opened = 14;
  fill(flow);
  const Event event = write_one();
  EXPECT_EQ(event.level(), LogLevel::info);
  EXPECT_EQ(
      render_text(event),
      "metrics route=feed direction=to_client interval_ms=30000 sessions=13 bytes_in=1000 "
      "bytes_out=500 messages_in=100 messages_out=50 dropped_messages=6 dropped_bytes=60 "
      "dropped_by_policy=1 dropped_by_age=2 dropped_partial=3 unsent_bytes=40 "
      "refused_not_writeable=6 refused_not_ready=5 refused_not_connected=4 pauses=8 resumes=7 "
      "paused_ms=1 slow_consumers=9 closed_slow_consumer=10 closed_stalled=11 closed_memory=12 "
      "queued_bytes=250 queued_messages=25 sending_bytes=150 throttled=2 slow=1 queue_peak=80 "
      "send_p50_us=3 send_p90_us=3 send_p99_us=3 send_p999_us=3 send_max_us=1025 queue_p50_us=2 "
      "queue_p90_us=2 queue_p99_us=2 queue_p999_us=2 queue_max_us=2 total_bytes_in=1000 "
      "total_bytes_out=500 total_messages_in=100 total_messages_out=50 total_dropped_messages=6 "
      "total_dropped_bytes=60 total_dropped_by_policy=1 total_dropped_by_age=2 "
      "total_dropped_partial=3 total_unsent_bytes=40 total_refused_not_writeable=6 "
      "total_refused_not_ready=5 total_refused_not_connected=4 total_pauses=8 total_resumes=7 "
      "total_paused_ms=1 total_slow_consumers=9 total_closed_slow_consumer=10 "
      "total_closed_stalled=11 total_closed_memory=12 total_queue_peak=90 total_sessions=14");
}

TEST_F(MetricsLogTest, WritesALineOfJson) {
  feed.sessions = 13;
  feed.sessions_opened = 14;
  fill(flow);
  EXPECT_EQ(
      render_json(write_one()),
      R"("event":"metrics","route":"feed","direction":"to_client","interval_ms":30000,)"
      R"("sessions":13,"bytes_in":1000,"bytes_out":500,"messages_in":100,"messages_out":50,)"
      R"("dropped_messages":6,"dropped_bytes":60,"dropped_by_policy":1,"dropped_by_age":2,)"
      R"("dropped_partial":3,"unsent_bytes":40,"refused_not_writeable":6,"refused_not_ready":5,)"
      R"("refused_not_connected":4,"pauses":8,"resumes":7,"paused_ms":1,"slow_consumers":9,)"
      R"("closed_slow_consumer":10,"closed_stalled":11,"closed_memory":12,"queued_bytes":250,)"
      R"("queued_messages":25,"sending_bytes":150,"throttled":2,"slow":1,"queue_peak":80,)"
      R"("send_p50_us":3,"send_p90_us":3,"send_p99_us":3,"send_p999_us":3,"send_max_us":1025,)"
      R"("queue_p50_us":2,"queue_p90_us":2,"queue_p99_us":2,"queue_p999_us":2,"queue_max_us":2,)"
      R"("total_bytes_in":1000,"total_bytes_out":500,"total_messages_in":100,)"
      R"("total_messages_out":50,"total_dropped_messages":6,"total_dropped_bytes":60,)"
      R"("total_dropped_by_policy":1,"total_dropped_by_age":2,"total_dropped_partial":3,)"
      R"("total_unsent_bytes":40,"total_refused_not_writeable":6,"total_refused_not_ready":5,)"
      R"("total_refused_not_connected":4,"total_pauses":8,"total_resumes":7,"total_paused_ms":1,)"
      R"("total_slow_consumers":9,"total_closed_slow_consumer":10,"total_closed_stalled":11,)"
      R"("total_closed_memory":12,"total_queue_peak":90,"total_sessions":14)");
}

TEST_F(MetricsLogTest, HasTheIntervalsFiguresBesideTheTotals) {
  flow.counters.bytes_in = flow.counters.bytes_out = 100;
  flow.send_latency.record(5000us, 10);
  write();
  flow.counters.bytes_in = flow.counters.bytes_out = 130;
  flow.send_latency.record(3us, 10);
  const Event event = write_one();
  EXPECT_EQ(number(event, "bytes_in"), 30U);
  EXPECT_EQ(number(event, "bytes_out"), 30U);
  EXPECT_EQ(number(event, "send_max_us"), 3U);
  EXPECT_EQ(number(event, "total_bytes_in"), 130U);
  EXPECT_EQ(number(event, "total_bytes_out"), 130U);
}

TEST_F(MetricsLogTest, HasATotalOfEachFigureOfTheInterval) {
  fill(flow);
  write();
  flow.counters += FlowCounters(flow.counters);
  const Event event = write_one();
  const std::size_t first = position(event, "bytes_in");
  const std::size_t first_total = position(event, "total_bytes_in");
  const std::size_t count = position(event, "queued_bytes") - first;
  for (std::size_t i = 0; i < count; ++i) {
    const Event::Field& figure = event.fields()[first + i];
    const Event::Field& total = event.fields()[first_total + i];
    EXPECT_EQ(total.key, "total_" + std::string(figure.key));
    // 1.5 ms twice: each is cut off for itself.
    const std::uint64_t rest = figure.key == "paused_ms" ? 1 : 0;
    EXPECT_EQ(number(event, total.key), 2 * number(event, figure.key) + rest) << total.key;
  }
}

TEST_F(MetricsLogTest, HasTheDeepestQueueEverBesideThatOfTheInterval) {
  flow.throttled = 1;
  flow.queue_peak = 90;
  flow.recent_queue_peak = 80;
  const Event event = write_one();
  EXPECT_EQ(number(event, "queue_peak"), 80U);
  EXPECT_EQ(number(event, "total_queue_peak"), 90U);
}

TEST_F(MetricsLogTest, CountsTheSessionsThereAreAndThoseThereWere) {
  feed.has_upstream = true;
  feed.sessions = 2;
  feed.sessions_opened = 9;
  feed.to_client.throttled = 1;
  feed.to_upstream.throttled = 1;
  for (const Event& event : write()) {
    EXPECT_EQ(number(event, "sessions"), 2U);
    EXPECT_EQ(number(event, "total_sessions"), 9U);
  }
}

TEST_F(MetricsLogTest, IsSilentAboutARouteWhereNothingHappens) {
  feed.has_upstream = true;
  feed.sessions = 5;
  EXPECT_TRUE(write().empty());
  flow.counters.bytes_in = flow.counters.bytes_out = 100;
  EXPECT_EQ(write().size(), 1U);
  EXPECT_TRUE(write().empty());
}

TEST_F(MetricsLogTest, SpeaksWhileBytesAreQueued) {
  flow.counters.bytes_in = flow.queued_bytes = 10;
  write();
  EXPECT_EQ(number(write_one(), "queued_bytes"), 10U);
}

TEST_F(MetricsLogTest, SpeaksWhileEmptyMessagesAreQueued) {
  flow.queued_messages = 1;
  EXPECT_EQ(write().size(), 1U);
}

TEST_F(MetricsLogTest, SpeaksWhileBytesAreBeingSent) {
  flow.counters.bytes_in = 10;
  write();
  EXPECT_EQ(number(write_one(), "sending_bytes"), 10U);
}

TEST_F(MetricsLogTest, SpeaksWhileASessionIsThrottled) {
  flow.throttled = 1;
  write();
  EXPECT_EQ(number(write_one(), "throttled"), 1U);
}

TEST_F(MetricsLogTest, HasOneLineForEachDirectionThatIsNotIdle) {
  feed.has_upstream = true;
  feed.to_client.throttled = 1;
  feed.to_upstream.throttled = 1;
  const std::vector<Event> events = write();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(text(events[0], "direction"), "to_client");
  EXPECT_EQ(text(events[1], "direction"), "to_upstream");
}

TEST_F(MetricsLogTest, HasNoLineToAnUpstreamThatTheRouteHasNot) {
  feed.to_client.throttled = 1;
  feed.to_upstream.throttled = 1;
  EXPECT_EQ(text(write_one(), "direction"), "to_client");
}

TEST_F(MetricsLogTest, KeepsRoutesApart) {
  flow.counters.bytes_in = 100;
  write();
  table["other"].to_client.counters.bytes_in = 7;
  flow.counters.bytes_in = 101;
  const std::vector<Event> events = write();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(text(events[0], "route"), "feed");
  EXPECT_EQ(number(events[0], "bytes_in"), 1U);
  EXPECT_EQ(text(events[1], "route"), "other");
  EXPECT_EQ(number(events[1], "bytes_in"), 7U);
}

TEST_F(MetricsLogTest, TakesARouteThatCameBackAsNew) {
  flow.counters.bytes_in = 100;
  write();
  metrics.write({}, 30s);
  flow.counters.bytes_in = 150;
  EXPECT_EQ(number(write_one(), "bytes_in"), 150U);
}

TEST_F(MetricsLogTest, TakesANameThatWasForgottenForANewRoute) {
  flow.counters.bytes_in = 100;
  flow.send_latency.record(3us);
  write();
  metrics.forget("feed");
  flow.counters.bytes_in = 140;
  flow.send_latency.record(3us);
  const Event event = write_one();
  EXPECT_EQ(number(event, "bytes_in"), 140U);
  EXPECT_EQ(number(event, "send_max_us"), 3U);
}

}  // namespace
}  // namespace spillway::observe
