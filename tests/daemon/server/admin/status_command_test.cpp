#include "daemon/server/admin/status_command.hpp"

#include "daemon/server/admin/admin_server.hpp"
#include "tests/daemon/server/admin/fake_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <thread>

namespace spillway::server::admin {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class StatusCommandTest : public ::testing::Test {
 protected:
  StatusCommandTest() {
    loop_.figures.metrics["feed"].has_upstream = true;
    server_ = *AdminServer::open(control_, HostPort{"127.0.0.1", 0}, {&loop_},
                                 [this] { return overview_; });
    address_ = *parse_endpoint(server_->address());
  }
  ~StatusCommandTest() override {
    control_.stop();
    if (thread_.joinable()) thread_.join();
  }
  int run(bool json = false) {
    if (!thread_.joinable()) {
      server_->start();
      thread_ = std::thread([this] { control_.run(); });
    }
    return run_status({.admin = address_, .json = json}, out_, errors_);
  }

  testing::FakeLoop loop_;
  Overview overview_;
  Endpoint address_;
  std::ostringstream out_;
  std::ostringstream errors_;

 private:
  asio::io_context control_;
  std::unique_ptr<AdminServer> server_;
  std::thread thread_;
};

TEST_F(StatusCommandTest, SaysThatTheDaemonIsReady) {
  EXPECT_EQ(run(), 0);
  EXPECT_THAT(out_.str(), StartsWith("spillway "));
  EXPECT_THAT(out_.str(), HasSubstr("  to_upstream "));
  EXPECT_EQ(errors_.str(), "");
}

TEST_F(StatusCommandTest, SaysThatItDrains) {
  overview_.draining = true;
  EXPECT_EQ(run(), 3);
  EXPECT_THAT(out_.str(), HasSubstr("draining"));
}

TEST_F(StatusCommandTest, SaysThatALoopIsStuck) {
  loop_.stuck = true;
  EXPECT_EQ(run(), 1);
  EXPECT_EQ(errors_.str(), "spillway: the daemon is not well: event loop 0 does not answer\n");
}

TEST_F(StatusCommandTest, PassesOnTheDaemonsJson) {
  EXPECT_EQ(run(true), 0);
  EXPECT_THAT(out_.str(), StartsWith("{\"state\":\"ready\""));
}

TEST(StatusCommand, SaysThatNobodyIsThere) {
  std::ostringstream out;
  std::ostringstream errors;
  EXPECT_EQ(run_status({.admin = UnixPath{"/nowhere/admin.sock"}}, out, errors), 1);
  EXPECT_THAT(errors.str(), HasSubstr("unix:/nowhere/admin.sock: No such file"));
}

TEST(StatusCommand, ReachesWhoListensEverywhere) {
  EXPECT_EQ(to_string(reachable(HostPort{"0.0.0.0", 1})), "127.0.0.1:1");
  EXPECT_EQ(to_string(reachable(HostPort{"::", 1})), "[::1]:1");
  EXPECT_EQ(to_string(reachable(HostPort{"10.0.0.1", 1})), "10.0.0.1:1");
  EXPECT_EQ(to_string(reachable(UnixPath{"/a"})), "unix:/a");
}

}  // namespace
}  // namespace spillway::server::admin
