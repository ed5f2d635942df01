#include "daemon/server/admin/metrics_text.hpp"

#include "daemon/server/admin/latency_buckets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::server::admin {
namespace {

using std::chrono::microseconds;
using ::testing::HasSubstr;
using ::testing::Not;

Standing two_loops() {
  LoopReport report;
  observe::RouteMetrics& feed = report.metrics["feed"];
  feed.sessions = 2;
  feed.sessions_opened = 5;
  feed.refused.by_route = 3;
  feed.has_upstream = true;
  feed.connect_failures.count(FailureReason::refused);
  feed.to_client.counters.bytes_in = 1000;
  feed.to_client.counters.bytes_out = 900;
  feed.to_client.counters.dropped_by_age = {.messages = 4, .bytes = 40};
  feed.to_client.counters.paused = std::chrono::milliseconds(250);
  feed.to_client.queued_bytes = 7;
  feed.to_client.send_latency.record(microseconds(15));
  feed.to_client.send_latency.record(microseconds(16));
  feed.to_client.send_latency.record(std::chrono::hours(1));
  report.metrics["echo"].sessions = 1;
  report.listening = {{"feed", "127.0.0.1:1"}};
  Standing standing;
  standing.add(report);
  standing.add(report);
  return standing;
}

TEST(MetricsText, AddsUpTheLoops) {
  const std::string text = metrics_text(two_loops());
  EXPECT_THAT(text, HasSubstr("spillway_event_loops 2\n"));
  EXPECT_THAT(text, HasSubstr("spillway_connections{route=\"feed\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("spillway_connections_opened_total{route=\"feed\"} 10\n"));
  EXPECT_THAT(text,
              HasSubstr("spillway_connections_refused_total{route=\"feed\",limit=\"route\"} 6\n"));
  EXPECT_THAT(
      text, HasSubstr("spillway_sent_bytes_total{route=\"feed\",direction=\"to_client\"} 1800\n"));
  EXPECT_THAT(text, HasSubstr("spillway_dropped_bytes_total{route=\"feed\",direction=\"to_client\","
                              "reason=\"age\"} 80\n"));
  EXPECT_THAT(
      text,
      HasSubstr("spillway_paused_seconds_total{route=\"feed\",direction=\"to_client\"} 0.5\n"));
  EXPECT_THAT(text,
              HasSubstr("spillway_queued_bytes{route=\"feed\",direction=\"to_client\"} 14\n"));
}

TEST(MetricsText, AnEchoRouteHasOneDirection) {
  const std::string text = metrics_text(two_loops());
  EXPECT_THAT(text, HasSubstr("{route=\"echo\",direction=\"to_client\"}"));
  EXPECT_THAT(text, Not(HasSubstr("{route=\"echo\",direction=\"to_upstream\"}")));
}

TEST(MetricsText, TellsOfServersByTheReasonsThatTheyCanFailBy) {
  const std::string text = metrics_text(two_loops());
  const std::string name = "spillway_upstream_connect_failures_total";
  EXPECT_THAT(text, HasSubstr(name + "{route=\"feed\",reason=\"refused\"} 2\n"));
  EXPECT_THAT(text, HasSubstr(name + "{route=\"feed\",reason=\"connect_timeout\"} 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("reason=\"cancelled\"")));
  EXPECT_THAT(text, Not(HasSubstr(name + "{route=\"echo\"")));
}

TEST(MetricsText, HasTrueHistograms) {
  const std::string text = metrics_text(two_loops());
  const std::string labels = "{route=\"feed\",direction=\"to_client\"";
  const std::string name = "spillway_send_latency_seconds";
  EXPECT_THAT(text, HasSubstr(name + "_bucket" + labels + ",le=\"6.4"));
  EXPECT_THAT(text, HasSubstr(name + "_bucket" + labels + ",le=\"+Inf\"} 6\n"));
  EXPECT_THAT(text, HasSubstr(name + "_count" + labels + "} 6\n"));
  EXPECT_THAT(text, HasSubstr(name + "_sum" + labels + "} 7200.000062"));
}

TEST(MetricsText, TellsWhetherTheLastReloadWorked) {
  Standing standing;
  EXPECT_THAT(metrics_text(standing), HasSubstr("spillway_config_last_reload_successful 1\n"));
  standing.overview.reload = {.last = ReloadStatus::Last{.at = {}, .successful = false},
                              .failed = 1};
  const std::string text = metrics_text(standing);
  EXPECT_THAT(text, HasSubstr("spillway_config_last_reload_successful 0\n"));
  EXPECT_THAT(text, HasSubstr("spillway_config_reloads_total{result=\"failed\"} 1\n"));
}

TEST(LatencyBuckets, CountExactlyWhatIsBelowTheirBounds) {
  observe::RouteLatencyHistogram latency;
  for (const std::uint64_t us : {0U, 15U, 16U, 63U, 64U, 67'108'863U, 67'108'864U}) {
    latency.record(microseconds(us));
  }
  const auto coarse = coarse_buckets(latency);
  ASSERT_EQ(coarse.size(), 12U);
  EXPECT_EQ(coarse[0].count, 2U);
  EXPECT_DOUBLE_EQ(coarse[0].bound_seconds, 16e-6);
  EXPECT_EQ(coarse[1].count, 4U);
  EXPECT_EQ(coarse[2].count, 5U);
  EXPECT_EQ(coarse.back().count, 6U);
  EXPECT_DOUBLE_EQ(coarse.back().bound_seconds, 67.108864);
  const auto fine = fine_buckets(latency);
  EXPECT_EQ(fine.size(), 23U);
  EXPECT_EQ(fine.back().count, coarse.back().count);
  EXPECT_EQ(fine[2].count, coarse[1].count);
}

}  // namespace
}  // namespace spillway::server::admin
