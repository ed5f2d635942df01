// A client's connection before it has a transport.
#include "tests/support/connection_harness.hpp"

#include <spillway/dial.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace spillway::testing {
namespace {

using Log = ConnectionHarness::Log;

/// An attempt that a test decides.
struct Attempt {
  DialObserver* observer = nullptr;
  bool destroyed = false;
};

class ScriptedDial final : public Dial {
 public:
  explicit ScriptedDial(Attempt& attempt) : attempt_(attempt) {}
  ~ScriptedDial() override { attempt_.destroyed = true; }
  void start(DialObserver& observer) override { attempt_.observer = &observer; }

 private:
  Attempt& attempt_;
};

class Dialling : public ConnectionHarness, public ::testing::Test {
 protected:
  Attempt attempt;

  void dial(Layers with = {}) {
    connection = Connection::connect(scheduler, std::make_unique<ScriptedDial>(attempt),
                                     std::move(with), events);
  }
  void answer() { attempt.observer->on_dialled(std::make_unique<ScriptedTransport>(wire)); }
  void refuse(FailureReason reason) {
    attempt.observer->on_dial_failed({.reason = reason, .error = {}, .detail = "tried all"});
  }
};

TEST_F(Dialling, SC2_IsNotConnectedUntilItIs) {
  dial();
  EXPECT_EQ(send("x"), "NotConnected");
  EXPECT_FALSE(connection.is_writeable());
  answer();
  EXPECT_EQ(events.log, Log{});
  run();
  EXPECT_EQ(events.log, Log{"connected"});
  EXPECT_EQ(send("x"), "1");
  EXPECT_TRUE(attempt.destroyed);
}

TEST_F(Dialling, SC23_EachKindOfFailureIsToldOnce) {
  for (const FailureReason reason :
       {FailureReason::resolve_failed, FailureReason::refused, FailureReason::unreachable,
        FailureReason::connect_timeout, FailureReason::io_error}) {
    events = Recorder();
    attempt = Attempt();
    dial();
    refuse(reason);
    EXPECT_EQ(events.log, Log{});
    run();
    EXPECT_EQ(events.log, Log{"failed:" + std::string(to_string(reason))});
    EXPECT_EQ(events.last_detail, "tried all");
    EXPECT_TRUE(attempt.destroyed);
    EXPECT_EQ(send("x"), "NotConnected");
  }
}

TEST_F(Dialling, SC23_CloseAndHardCloseCancel) {
  for (const bool hard : {false, true}) {
    events = Recorder();
    attempt = Attempt();
    dial();
    hard ? connection.hard_close() : connection.close();
    run();
    EXPECT_EQ(events.log, Log{"failed:cancelled"});
    EXPECT_TRUE(attempt.destroyed);
  }
}

TEST_F(Dialling, SC20_AConnectionMutedBeforeItIsThereStillNoticesAReset) {
  dial();
  connection.mute();
  answer();
  run();
  EXPECT_TRUE(wire.watched());
  wire.resets();
  run();
  EXPECT_EQ(events.log, (Log{"connected", "closed:reset:0"}));
}

TEST_F(Dialling, LettingGoCancelsInSilence) {
  dial();
  let_go();
  run();
  EXPECT_TRUE(attempt.destroyed);
  EXPECT_EQ(events.log, Log{});
}

TEST_F(Dialling, ARefusalThatLetsGoFromInsideIsSafe) {
  dial();
  events.on("failed", [&] { connection = Connection(); });
  refuse(FailureReason::refused);
  run();
  EXPECT_EQ(events.log, Log{"failed:refused"});
}

TEST_F(Dialling, ShutdownSendBeforeTheConnectionCancels) {
  dial();
  connection.shutdown_send();
  run();
  EXPECT_EQ(events.log, Log{"failed:cancelled"});
}

}  // namespace
}  // namespace spillway::testing
