#include "tests/daemon/proxy/session_harness.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace spillway::testing {
namespace {

using namespace std::chrono_literals;

class EchoSessionTest : public ::testing::Test, protected SessionHarness {};

TEST_F(EchoSessionTest, GivesBackWhatItGets) {
  open_echo();
  client.receives("hello");
  run();
  EXPECT_EQ(client.written(), "hello");
  EXPECT_EQ(sessions.size(), 1U);
}

TEST_F(EchoSessionTest, EndsInPeaceWhenTheClientEnds) {
  open_echo();
  client.receives("bye");
  client.ends();
  run();
  EXPECT_TRUE(client.fin());
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "-- client ended");
  EXPECT_EQ(closed("bytes_down"), "3");
  EXPECT_EQ(closed("messages_down"), "1");
  EXPECT_EQ(closed("bytes_up"), "0");
}

TEST_F(EchoSessionTest, GivesBackTheRestAfterTheClientsEnd) {
  open_echo();
  client.blocks();
  client.receives("one");
  client.receives("two");
  client.ends();
  run();
  EXPECT_FALSE(client.fin());
  client.takes(Wire::unlimited);
  run();
  EXPECT_EQ(client.written(), "onetwo");
  EXPECT_EQ(end(), "-- client ended");
}

// What waited for a slow reader has grown too old: the end comes without another send.
TEST_F(EchoSessionTest, EndsInPeaceWhenWhatWasLeftIsDropped) {
  config.framing = config::LineFraming();
  config.to_client = {.policy = config::OverflowPolicy::drop_oldest, .max_age = 1s};
  open_echo();
  client.takes(1);
  client.receives("one\n");
  client.receives("two\n");
  client.ends();
  run();
  advance(2s);
  EXPECT_EQ(sessions.size(), 1U);
  client.takes(Wire::unlimited);
  run();
  EXPECT_EQ(client.written(), "one\n");
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "-- client ended");
}

TEST_F(EchoSessionTest, IsCutShortByAReset) {
  open_echo();
  client.blocks();
  client.receives("never back");
  run();
  client.resets();
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "CD client reset");
  EXPECT_EQ(closed("unsent_bytes"), "10");
}

TEST_F(EchoSessionTest, StopsReadingAClientThatDoesNotRead) {
  config.to_client.queue = 10;
  open_echo();
  client.blocks();
  client.receives("first");
  client.receives("second");
  client.receives("third");
  client.receives("fourth");
  run();
  EXPECT_FALSE(client.interest().readable);
  client.takes(Wire::unlimited);
  run();
  EXPECT_EQ(client.written(), "firstsecondthirdfourth");
}

TEST_F(EchoSessionTest, TimesOutWhenNothingMoves) {
  config.timeouts.idle = 10s;
  open_echo();
  advance(9s);
  client.receives("still here");
  advance(0s);
  advance(9s);
  EXPECT_EQ(sessions.size(), 1U);
  advance(1s);
  EXPECT_TRUE(is_over());
  EXPECT_TRUE(client.aborted());
  EXPECT_EQ(end(), "TD timeout idle");
}

// SC-27: the application hears of the connection only after every layer is ready.
TEST_F(EchoSessionTest, TellsAHandshakeThatFailed) {
  open_tls();
  client.receives("GET / HTTP/1.1\r\n\r\n");
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "CH client layer_failed");
  EXPECT_EQ(metrics.handshakes.failed, 1U);
  const auto line = log.only("handshake_failed");
  EXPECT_EQ(value(line, "peer"), "peer");
  EXPECT_EQ(value(line, "sni"), "");
  EXPECT_NE(value(line, "reason").find("http request"), std::string::npos);
}

TEST_F(EchoSessionTest, TellsAHandshakeThatTookTooLong) {
  open_tls();
  client.receives("\x16");
  run();
  advance(10s);
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "TH timeout handshake_timeout");
  EXPECT_EQ(metrics.handshakes.timed_out, 1U);
  EXPECT_EQ(value(log.only("handshake_failed"), "reason"), "handshake_timeout");
}

TEST_F(EchoSessionTest, KeepsQuietAboutAScanner) {
  open_tls();
  client.ends();
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(log.count("handshake_failed"), 0U);
  EXPECT_EQ(metrics.handshakes.unheard, 1U);
  EXPECT_EQ(log.only("connection_closed").level(), config::LogLevel::info);
}

TEST_F(EchoSessionTest, TellsAClientThatLeftInTheMiddleOfTheHandshake) {
  open_tls();
  client.receives("\x16\x03\x01");
  client.ends();
  run();
  EXPECT_EQ(log.count("handshake_failed"), 1U);
  EXPECT_EQ(log.only("connection_closed").level(), config::LogLevel::info);
}

TEST_F(EchoSessionTest, CanBeStoppedDuringTheHandshake) {
  open_tls();
  EXPECT_EQ(sessions.stop_all("drain_timeout"), 1U);
  run();
  EXPECT_TRUE(is_over());
  EXPECT_EQ(end(), "DH drain drain_timeout");
  EXPECT_EQ(log.count("handshake_failed"), 0U);
}

}  // namespace
}  // namespace spillway::testing
