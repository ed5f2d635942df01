#include "daemon/proxy/end.hpp"

#include <gtest/gtest.h>

namespace spillway::proxy {
namespace {

TEST(End, HasACodeOfWhoAndInWhichPhase) {
  EXPECT_EQ(cut_short(Ender::upstream, Phase::connect, "refused").code, "SC");
  EXPECT_EQ(cut_short(Ender::client, Phase::data, "reset").code, "CD");
  EXPECT_EQ(cut_short(Ender::upstream, Phase::data, "reset").code, "SD");
  EXPECT_EQ(cut_short(Ender::timeout, Phase::handshake, "handshake_timeout").code, "TH");
  EXPECT_EQ(cut_short(Ender::client, Phase::handshake, "layer_failed").code, "CH");
  EXPECT_EQ(cut_short(Ender::timeout, Phase::data, "idle").code, "TD");
  EXPECT_EQ(cut_short(Ender::drain, Phase::data, "drain_timeout").code, "DD");
  EXPECT_EQ(cut_short(Ender::proxy, Phase::data, "io_error").code, "PD");
  EXPECT_EQ(cut_short(Ender::admin, Phase::handshake, "admin").code, "KH");
  EXPECT_EQ(cut_short(Ender::admin, Phase::data, "admin").code, "KD");
}

TEST(End, SaysWhoEndedFirstWhenItWasClean) {
  const End end = clean_end(Ender::upstream);
  EXPECT_EQ(end.code, "--");
  EXPECT_EQ(to_string(end.by), "upstream");
}

}  // namespace
}  // namespace spillway::proxy
