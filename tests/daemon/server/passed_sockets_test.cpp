#include "daemon/server/passed_sockets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace spillway::testing {
namespace {

using server::PassedSockets;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

void pass(const std::string& process, const char* count, const char* names) {
  ::setenv("LISTEN_PID", process.c_str(), 1);
  ::setenv("LISTEN_FDS", count, 1);
  names == nullptr ? ::unsetenv("LISTEN_FDNAMES") : ::setenv("LISTEN_FDNAMES", names, 1);
}

std::string own_process() { return std::to_string(::getpid()); }

TEST(PassedSockets, AreFoundByTheirNames) {
  pass(own_process(), "3", "feed:echo:feed");
  const PassedSockets passed = PassedSockets::take();
  EXPECT_THAT(passed.named("feed"), ElementsAre(3, 5));
  EXPECT_THAT(passed.named("echo"), ElementsAre(4));
  EXPECT_THAT(passed.named("other"), IsEmpty());
  EXPECT_EQ(passed.names(), "it passed echo, feed");
}

TEST(PassedSockets, WithoutNamesAreUnknown) {
  pass(own_process(), "2", nullptr);
  EXPECT_THAT(PassedSockets::take().named("unknown"), ElementsAre(3, 4));
}

TEST(PassedSockets, OfAnotherProcessAreNotOurs) {
  pass("1", "1", "feed");
  const PassedSockets passed = PassedSockets::take();
  EXPECT_THAT(passed.named("feed"), IsEmpty());
  EXPECT_EQ(passed.names(), "it passed none");
}

TEST(PassedSockets, NumbersThatAreNoneAreNone) {
  for (const char* count : {"", "x", "1x", "-1"}) {
    pass(own_process(), count, "feed");
    EXPECT_THAT(PassedSockets::take().named("feed"), IsEmpty()) << count;
  }
}

TEST(PassedSockets, TellWhichNoRouteListensOn) {
  pass(own_process(), "3", "feed:echo:other");
  config::Route route;
  route.listen = {config::PassedByName{"echo"}, HostPort{"127.0.0.1", 0}};
  EXPECT_THAT(PassedSockets::take().unused({route}), ElementsAre("feed", "other"));
}

TEST(PassedSockets, AreTakenOnce) {
  pass(own_process(), "1", "feed");
  PassedSockets::take();
  EXPECT_EQ(std::getenv("LISTEN_FDS"), nullptr);
  EXPECT_THAT(PassedSockets::take().named("feed"), IsEmpty());
}

}  // namespace
}  // namespace spillway::testing
