#include "daemon/observe/overflow_log.hpp"

#include "daemon/observe/render.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace spillway::observe {
namespace {

using config::LogLevel;
using namespace std::chrono_literals;

const Consumer consumer = {
    .session = 7, .route = "feed", .direction = Direction::to_client, .peer = "127.0.0.1:40000"};

TEST(OverflowLog, WarnsOfASlowConsumer) {
  const Event event = slow_consumer({.consumer = consumer,
                                     .throttled = 1000'900us,
                                     .queued_bytes = 4096,
                                     .queued_messages = 12,
                                     .pending_bytes = 300});
  EXPECT_EQ(event.level(), LogLevel::warning);
  EXPECT_EQ(render_text(event),
            "slow_consumer conn=7 route=feed direction=to_client peer=127.0.0.1:40000 "
            "throttled_ms=1000 queued_bytes=4096 queued_messages=12 pending_bytes=300");
}

TEST(OverflowLog, TellsThatASlowConsumerRecovered) {
  const Event event = slow_consumer_recovered({.consumer = consumer,
                                               .duration = 2500ms,
                                               .queue_peak = 65536,
                                               .dropped = {.messages = 3, .bytes = 96}});
  EXPECT_EQ(event.level(), LogLevel::info);
  EXPECT_EQ(render_text(event),
            "slow_consumer_recovered conn=7 route=feed direction=to_client peer=127.0.0.1:40000 "
            "duration_ms=2500 queue_peak=65536 dropped_messages=3 dropped_bytes=96");
}

TEST(OverflowLog, WarnsOfASessionThatEndsForItsMemory) {
  const Event event = memory_limit({.session = 7,
                                    .route = "feed",
                                    .held_bytes = 65536,
                                    .queued_bytes = 1049000,
                                    .limit = 1048576});
  EXPECT_EQ(event.level(), LogLevel::warning);
  EXPECT_EQ(render_text(event),
            "memory_limit conn=7 route=feed held_bytes=65536 queued_bytes=1049000 limit=1048576");
}

}  // namespace
}  // namespace spillway::observe
