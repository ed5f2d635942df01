#include "daemon/observe/connection_log.hpp"

#include "daemon/observe/render.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace spillway::observe {
namespace {

using namespace std::chrono_literals;

TEST(ConnectionLog, HasTheKeysInTheOrderThatIsPromised) {
  std::string keys;
  const Event event = connection_closed(config::LogLevel::info, {});
  for (const Event::Field& field : event.fields()) keys += std::string(field.key) + ' ';
  EXPECT_EQ(keys,
            "conn route listen client local upstream sni alpn tls_version cipher resumed "
            "client_subject handshake_ms connect_ms duration_ms bytes_up bytes_down messages_up "
            "messages_down pauses paused_ms dropped_messages dropped_bytes unsent_bytes queue_peak "
            "send_p50_us send_p99_us send_max_us end_by end_reason end_code ");
}

ConnectionRecord full_record() {
  ConnectionRecord record;
  record.id = 7;
  record.route = "feed";
  record.listen = "127.0.0.1:7443";
  record.client = "127.0.0.1:40000";
  record.local = "127.0.0.1:7443";
  record.upstream = "10.0.0.5:7000";
  record.tls = {.heard_peer = true,
                .server_name = "feed.example.com",
                .version = "TLSv1.3",
                .cipher = "TLS_AES_128_GCM_SHA256",
                .alpn = "feed/1",
                .resumed = true,
                .peer_subject = "CN=a b"};
  record.handshake = 3'999us;
  record.connect = 2ms;
  record.duration = 5s;
  record.up.counters = {
      .bytes_in = 110, .bytes_out = 100, .messages_out = 2, .pauses = 1, .paused = 1500us};
  record.up.queue_peak = 10;
  record.down.counters = {.bytes_in = 60,
                          .bytes_out = 30,
                          .messages_out = 3,
                          .dropped_by_policy = {.messages = 1, .bytes = 12},
                          .dropped_by_age = {.messages = 2, .bytes = 5},
                          .dropped_partial = {.messages = 1, .bytes = 3},
                          .pauses = 2,
                          .paused = 500us};
  record.down.queue_peak = 40;
  record.send = {.p50_us = 11, .p99_us = 99, .max_us = 100};
  record.end_by = "client";
  record.end_reason = "reset";
  record.end_code = "CD";
  return record;
}

// in = out + dropped + unsent, in each direction; what has no direction is of both together.
TEST(ConnectionLog, AddsUpBothDirections) {
  EXPECT_EQ(render_text(connection_closed(config::LogLevel::info, full_record())),
            "connection_closed conn=7 route=feed listen=127.0.0.1:7443 client=127.0.0.1:40000 "
            "local=127.0.0.1:7443 upstream=10.0.0.5:7000 sni=feed.example.com alpn=feed/1 "
            "tls_version=TLSv1.3 cipher=TLS_AES_128_GCM_SHA256 resumed=true "
            "client_subject=\"CN=a b\" handshake_ms=3 connect_ms=2 duration_ms=5000 bytes_up=100 "
            "bytes_down=30 messages_up=2 messages_down=3 pauses=3 paused_ms=2 dropped_messages=4 "
            "dropped_bytes=20 unsent_bytes=20 queue_peak=40 send_p50_us=11 send_p99_us=99 "
            "send_max_us=100 end_by=client end_reason=reset end_code=CD");
}

}  // namespace
}  // namespace spillway::observe
