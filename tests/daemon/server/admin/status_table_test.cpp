#include "daemon/server/admin/status_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace spillway::server::admin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

FlowView flow(std::string route) {
  FlowView view;
  view.route = std::move(route);
  view.direction = "to_client";
  return view;
}

StatusView status(std::vector<FlowView> flows) {
  StatusView view;
  view.state = "ready";
  view.version = "1.2.3";
  view.time = 100;
  view.uptime_seconds = 90;
  view.connections = 3;
  view.flows = std::move(flows);
  return view;
}

/// The routes in the order of their lines.
std::string order(const std::string& table) {
  std::string result;
  for (std::size_t at = table.find('\n'); at + 1 < table.size(); at = table.find('\n', at + 1)) {
    const std::string line = table.substr(at + 1, table.find('\n', at + 1) - at - 1);
    if (line.find("to_client") != std::string::npos) result += line.substr(0, 1);
  }
  return result;
}

TEST(StatusTable, WhatHurtsMostComesFirst) {
  FlowView busy = flow("busy"), queued = flow("queued"), throttled = flow("throttled"),
           slow = flow("slow"), dropping = flow("dropping");
  busy.connections = 1000;
  dropping.dropped_messages = 1;
  queued.queued_bytes = 1;
  throttled.throttled = 1;
  slow.slow = 1;
  EXPECT_EQ(
      order(status_table(status({busy, dropping, queued, throttled, slow, flow("a"), flow("b")}),
                         nullptr, {})),
      "stqdbab");
}

TEST(StatusTable, WithoutAnEarlierViewItShowsTotals) {
  FlowView view = flow("feed");
  view.connections = 3;
  view.bytes_in = 2048;
  view.bytes_out = 3 << 20;
  view.send_count = 1;
  view.send_p99_seconds = 0.0025;
  EXPECT_EQ(
      status_table(status({view}), nullptr, {}),
      "spillway 1.2.3, ready, up 90.0s, 3 connections, 0B queued\n\n"
      "ROUTE  DIRECTION  CONNS  SLOW  THROTTLED  QUEUED      IN     OUT  DROPPED  SEND-P99\n"
      "feed   to_client      3     0          0      0B  2.0KiB  3.0MiB        0     2.5ms\n");
}

TEST(StatusTable, WithOneItShowsWhatCameSince) {
  FlowView before = flow("feed");
  before.bytes_in = 1000;
  before.send_count = 100;
  before.send_buckets = {{0.001, 100}, {0.002, 100}};
  FlowView now = before;
  now.bytes_in = 5000;
  now.dropped_messages = 9;
  now.send_count = 200;
  now.send_buckets = {{0.001, 150}, {0.002, 200}};
  StatusView then = status({before});
  then.time = 98;
  const std::string table = status_table(status({now}), &then, {});
  EXPECT_THAT(table, HasSubstr("IN/S"));
  EXPECT_THAT(table, HasSubstr(" 2.0KiB "));
  EXPECT_THAT(table, HasSubstr(" 4.5 "));
  EXPECT_THAT(table, HasSubstr(" <2.0ms\n"));
}

// A daemon that was started again has counted less.
TEST(StatusTable, CountersThatFellAreNoRate) {
  FlowView before = flow("feed");
  before.bytes_in = 1000;
  StatusView then = status({before});
  EXPECT_THAT(status_table(status({flow("feed")}), &then, {}), HasSubstr(" 0B "));
}

TEST(StatusTable, OnATerminalWhatHurtsLeastIsLeftOut) {
  std::vector<FlowView> flows;
  for (std::uint64_t slow = 1; slow <= 20; ++slow) {
    flows.push_back(flow(std::string(1, static_cast<char>('a' + slow))));
    flows.back().slow = slow;
  }
  SuffererView sufferer;
  sufferer.client = std::string(100, 'c');
  const std::string table = status_table(status(flows), nullptr, {sufferer}, TerminalSize{12, 80});
  EXPECT_EQ(order(table), "utsr");
  EXPECT_THAT(table, HasSubstr("\nand 16 more\n\nCONN "));
  EXPECT_EQ(std::ranges::count(table, '\n'), 11);  // the cursor has the last line
  EXPECT_THAT(table, HasSubstr("ccc\n"));
  EXPECT_THAT(table, Not(HasSubstr(std::string(80, 'c'))));
  EXPECT_EQ(order(status_table(status(flows), nullptr, {}, TerminalSize{100, 80})).size(), 20U);
}

TEST(StatusTable, OnATerminalTooSmallForItTheTopIsShown) {
  const std::string table = status_table(status({flow("a")}), nullptr, {}, TerminalSize{3, 10});
  EXPECT_EQ(table, "spillway \n\nROUTE  DI");
}

TEST(StatusTable, StrangersHaveNoSayOnTheTerminal) {
  SuffererView sufferer;
  sufferer.client = "unix:\x1b[2J\xc2\x9b";
  sufferer.throttled_seconds = 1.5;
  sufferer.slow = true;
  const std::string table = status_table(status({flow("feed")}), nullptr, {sufferer});
  EXPECT_THAT(table, HasSubstr("unix:?[2J??"));
  EXPECT_THAT(table, Not(HasSubstr("\x1b")));
  EXPECT_THAT(table, HasSubstr("1.5s"));
}

TEST(StatusView, RefusesAnswersOfOthers) {
  for (const char* text : {"", "{", "[]", "{}", "null", R"({"state":1})", "<html>",
                           R"({"state":"ready","version":"1","routes":[{}]})"}) {
    EXPECT_FALSE(parse_status(text)) << text;
    EXPECT_FALSE(parse_sufferers(text)) << text;
  }
}

TEST(StatusView, IsReadFromConnections) {
  const auto found = parse_sufferers(
      R"({"matching":2,"connections":[
        {"conn":1,"route":"a","client":"c","upstream":"","slow":false,"throttled_seconds":0,
         "queued_bytes":0},
        {"conn":2,"route":"a","client":"c","upstream":"u","slow":true,"throttled_seconds":1.5,
         "queued_bytes":10}]})");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().id, 2U);
  EXPECT_TRUE(found->front().slow);
}

}  // namespace
}  // namespace spillway::server::admin
