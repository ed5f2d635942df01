#include "tests/daemon/overflow_matrix/overflow_bench.hpp"

#include "daemon/overflow/stride.hpp"
#include "tests/support/tls_peer.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <chrono>
#include <memory>
#include <utility>

namespace spillway::testing {

namespace {

using namespace std::chrono_literals;
using config::OverflowPolicy;

config::Route route_of(const Cell& cell) {
  config::Route route;
  route.name = "matrix";
  route.framing = framing_of(cell.shape);
  route.max_message = OverflowBench::max_message;
  // What ends a session here is its overflow, and nothing else.
  route.timeouts = {.idle = 0s, .half_close = 0s, .lifetime = 0s};
  if (cell.way == Way::echo) {
    route.echo = true;
  } else {
    route.upstream = config::Upstream{.servers = {HostPort{"upstream", 1}}};
  }
  return route;
}

/// With certificates that are made once for all tests.
std::shared_ptr<const proxy::Route> share(const config::Route& config, Guard guard) {
  config::TlsContexts none;
  proxy::Route route = *proxy::make_route(config, none).value();
  if (guard == Guard::client_tls) {
    route.config.tls.emplace();
    route.tls = TlsContexts::shared().server;
  }
  if (guard == Guard::upstream_tls) {
    route.config.upstream->tls.emplace();
    route.upstream_tls = {TlsContexts::shared().client, "localhost"};
  }
  return std::make_shared<const proxy::Route>(std::move(route));
}

FarEnd::Language language_of_client(Guard guard) {
  return guard == Guard::client_tls ? FarEnd::Language::tls_client : FarEnd::Language::plain;
}

FarEnd::Language language_of_upstream(Guard guard) {
  return guard == Guard::upstream_tls ? FarEnd::Language::tls_server : FarEnd::Language::plain;
}

}  // namespace

OverflowBench::OverflowBench(const Cell& cell)
    : cell_(cell),
      config_(route_of(cell)),
      messages_(cell.shape, max_message),
      client_(language_of_client(cell.guard)),
      upstream_(language_of_upstream(cell.guard)),
      sessions_({.scheduler = scheduler_,
                 .chunks = chunks_,
                 .log = log_,
                 .dial_server = [this](const Endpoint& server, const config::Route&) {
                   return std::make_unique<ScriptedDial>(servers_, server);
                 }}) {
  overflow().policy = cell.policy;
  overflow().queue = queue;
  overflow().stall_timeout = config::default_stall_timeout(cell.policy);
}

void OverflowBench::set_sizes(std::size_t largest_read, std::size_t largest_message) {
  largest_read_ = largest_read;
  config_.max_message = largest_message;
  messages_ = NumberedMessages(cell_.shape, largest_message);
}

void OverflowBench::open() {
  open_unanswered();
  if (cell_.way != Way::echo) answer();
}

void OverflowBench::open_unanswered() {
  sessions_.open({.id = 1,
                  .entrance = sessions_.make_entrance(
                      share(config_, cell_.guard),
                      std::shared_ptr<observe::RouteMetrics>(std::shared_ptr<void>(), &metrics_),
                      "127.0.0.1:7007"),
                  .transport = std::make_unique<ScriptedTransport>(client_.wire()),
                  .process_place = {},
                  .route_place = {}});
  client_.greet();
  run();
}

void OverflowBench::answer() {
  upstream_.greet();
  servers_.answer(upstream_.wire());
  run();
}

void OverflowBench::feed(std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += messages_.message(next_++);
  feed_bytes(bytes);
}

void OverflowBench::feed_bytes(const std::string& bytes) {
  said_ += bytes;
  for (std::string_view rest = bytes; !rest.empty();) {
    const std::string_view piece = rest.substr(0, random_() % largest_read_ + 1);
    source().says(std::string(piece));
    rest.remove_prefix(piece.size());
  }
  run();
}

void OverflowBench::advance(Duration by) {
  clock_.advance(by);
  run();
}

void OverflowBench::run() {
  for (int rounds = 0; rounds < 100'000; ++rounds) {
    const bool client_spoke = client_.speak();
    const bool spoke = upstream_.speak() || client_spoke;
    const bool worked = scheduler_.has_work();
    scheduler_.run_turn();
    const bool client_listened = client_.listen();
    const bool listened = upstream_.listen() || client_listened;
    check_step();
    if (!spoke && !worked && !listened) return check_rest();
  }
  FAIL() << "the session never comes to rest";
}

const observe::FlowMetrics& OverflowBench::flow() const {
  return cell_.way == Way::to_upstream ? metrics_.to_upstream : metrics_.to_client;
}

bool OverflowBench::is_over() const {
  return sessions_.size() == 0 && log_.count("connection_closed") == 1;
}

std::string OverflowBench::end() const {
  const auto line = log_.only("connection_closed");
  return value(line, "end_code") + ' ' + value(line, "end_by") + ' ' + value(line, "end_reason");
}

std::string OverflowBench::source_name() const {
  return cell_.way == Way::to_client ? "upstream" : "client";
}

std::string OverflowBench::sink_name() const {
  return cell_.way == Way::to_upstream ? "upstream" : "client";
}

std::vector<std::size_t> OverflowBench::expect_order() {
  const std::string& heard = sink().heard();
  if (!cell_.drops()) {
    EXPECT_TRUE(said_.starts_with(heard)) << "not what was said";
  }
  if (!cell_.has_messages()) return {};
  auto reading = messages_.read(heard);
  EXPECT_TRUE(reading.is_intact) << "torn after " << reading.numbers.size() << " messages";
  EXPECT_TRUE(reading.is_in_order());
  const std::size_t after = reading.numbers.empty() ? 0 : reading.numbers.back() + 1;
  EXPECT_TRUE(begins_a_message(reading.rest, after)) << "torn at the end";
  return std::move(reading.numbers);
}

void OverflowBench::expect_everything() { EXPECT_EQ(sink().heard(), said_); }

void OverflowBench::expect_clean_end() {
  source().ends();
  sink().takes_everything();
  run();
  EXPECT_TRUE(sink().heard_the_end());
  if (cell_.way != Way::echo) sink().ends();
  run();
  ASSERT_TRUE(is_over());
  EXPECT_EQ(end(), "-- " + source_name() + " ended");
  EXPECT_TRUE(source().was_closed());
  EXPECT_TRUE(sink().was_closed());
  expect_settled_figures();
  EXPECT_EQ(counters().pauses, counters().resumes);
  EXPECT_EQ(counters().unsent_bytes, 0U);
  EXPECT_EQ(counters().bytes_in, said_.size());
  EXPECT_EQ(counters().bytes_out, sink().heard().size());
  EXPECT_EQ(counters().messages_in, counters().messages_out + counters().dropped_messages());
}

void OverflowBench::expect_cut_short(const std::string& cause) {
  ASSERT_TRUE(is_over());
  EXPECT_EQ(end(), cause);
  // A loss must not look like an end.
  EXPECT_FALSE(sink().wire().fin());
  EXPECT_FALSE(source().wire().fin());
  EXPECT_LE(counters().resumes, counters().pauses);
  expect_order();
  expect_settled_figures();
}

config::Overflow& OverflowBench::overflow_of(Way way) {
  return way == Way::to_upstream ? config_.to_upstream : config_.to_client;
}

/// At any time: queue + one message, or the one read that found the queue of `pause` full; and
/// beside it what a sink that is slow left of one send.
void OverflowBench::check_step() {
  account_.pass_on();
  const auto largest = sessions_.largest(1);
  const std::size_t queued = largest.empty() ? 0 : largest.front();
  EXPECT_EQ(memory_.total(), queued);
  EXPECT_EQ(flow().queued_bytes, queued);
  EXPECT_LE(queued, most_queued());
  check_low_mark(queued);
  EXPECT_LE(counters().bytes_out, sink().heard().size()) << "told as sent, and not there";
  const std::size_t accounted = sink().heard().size() + counters().dropped_bytes() + queued;
  EXPECT_LE(accounted, counters().bytes_in);
  if (sessions_.size() == 0) return;
  EXPECT_LE(counters().bytes_in - accounted, overflow::Stride::cautious);
}

/// Paused until the queue has fallen to half of its limit, and then no longer.
void OverflowBench::check_low_mark(std::size_t queued) {
  const std::size_t low = overflow().queue / 2;
  if (counters().resumes > resumes_seen_) {
    EXPECT_LE(queued, low);
    resumes_seen_ = counters().resumes;
  }
  const bool counts_messages = overflow().queue_messages > 0;
  if (sessions_.size() > 0 && queued > 0 && queued <= low && !counts_messages) {
    EXPECT_EQ(counters().pauses, counters().resumes);
  }
}

/// Everything was read, but of a source that is paused.
void OverflowBench::check_rest() {
  EXPECT_LE(counters().bytes_in, source().said());
  if (counters().pauses > counters().resumes) return;
  EXPECT_EQ(counters().bytes_in, source().said());
}

/// In all ways that they can be read.
void OverflowBench::expect_settled_figures() {
  const auto& total = counters();
  EXPECT_EQ(total.bytes_in, source().said());
  EXPECT_EQ(total.bytes_in, total.bytes_out + total.dropped_bytes() + total.unsent_bytes);
  EXPECT_EQ(flow().sending_bytes(), 0U);
  EXPECT_EQ(flow().queued_messages, 0U);
  EXPECT_EQ(flow().throttled, 0U);
  EXPECT_EQ(flow().slow, 0U);
  EXPECT_EQ(metrics_.sessions, 0U);
  const bool is_up = cell_.way == Way::to_upstream;
  EXPECT_EQ(closed(is_up ? "bytes_up" : "bytes_down"), total.bytes_out);
  EXPECT_EQ(closed(is_up ? "messages_up" : "messages_down"), total.messages_out);
  EXPECT_EQ(closed("dropped_bytes"), total.dropped_bytes());
  EXPECT_EQ(closed("dropped_messages"), total.dropped_messages());
  EXPECT_EQ(closed("unsent_bytes"), total.unsent_bytes);
  EXPECT_EQ(closed("pauses"), total.pauses);
  EXPECT_EQ(closed("queue_peak"), flow().queue_peak);
  EXPECT_LE(flow().queue_peak, most_queued());
}

std::uint64_t OverflowBench::closed(std::string_view key) const {
  const std::string text = value(log_.only("connection_closed"), key);
  std::uint64_t number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  EXPECT_EQ(result.ec, std::errc{}) << key << '=' << text;
  return number;
}

/// As the session says it.
std::size_t OverflowBench::queued() const {
  const auto largest = sessions_.largest(1);
  return largest.empty() ? 0 : largest.front();
}

std::size_t OverflowBench::most_queued() const {
  const bool is_up = cell_.way == Way::to_upstream;
  const std::size_t limit = (is_up ? config_.to_upstream : config_.to_client).queue;
  if (cell_.policy == OverflowPolicy::close) return limit;
  return limit + (cell_.drops() ? config_.max_message : largest_read_);
}

bool OverflowBench::begins_a_message(std::string_view rest, std::size_t after) const {
  if (rest.empty()) return true;
  for (std::size_t number = after; number < next_; ++number) {
    if (messages_.message(number).starts_with(rest)) return true;
  }
  return false;
}

}  // namespace spillway::testing
