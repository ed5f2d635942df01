#include "loopback.hpp"

#include <spillway/listener.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace spillway {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::Peer;
using testing::run_until;
using testing::ScratchFolder;
using testing::settle;

class Recorder final : public ListenerEvents {
 public:
  void on_accepted(std::unique_ptr<Transport> transport) override {
    accepted.push_back(std::move(transport));
    if (then) then();
  }
  void on_accept_error(const boost::system::error_code& error, Duration pause) override {
    last_error = error;
    pauses.push_back(pause);
  }
  void on_connection_limit() override { ++limits; }

  std::vector<std::unique_ptr<Transport>> accepted;
  std::vector<Duration> pauses;
  boost::system::error_code last_error;
  int limits = 0;
  std::function<void()> then;
};

/// No descriptor can be opened while this lives.
class NoDescriptorsLeft {
 public:
  NoDescriptorsLeft() {
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
    const Descriptor next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(next.get());
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptorsLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptorsLeft(const NoDescriptorsLeft&) = delete;
  NoDescriptorsLeft& operator=(const NoDescriptorsLeft&) = delete;

 private:
  rlimit before_{};
};

class ListenerTest : public ::testing::Test {
 protected:
  void listen(ListenerOptions options = {}, const Endpoint& endpoint = HostPort{"127.0.0.1", 0}) {
    listener_.emplace(Listener::listen(loop_, endpoint, events_, options).value());
  }
  void connect() {
    const Endpoint endpoint = parse_endpoint(listener_->local_address()).value();
    const auto* path = std::get_if<UnixPath>(&endpoint);
    peers_.push_back(Peer::connect(path != nullptr
                                       ? unix_address(*path).value()
                                       : *literal_address(std::get<HostPort>(endpoint))));
  }
  void expect_accepted(std::size_t count) {
    run_until(loop_, [&] { return events_.accepted.size() >= count; });
    settle(loop_);
    EXPECT_EQ(events_.accepted.size(), count);
  }

  ManualClock clock_;
  EventLoop loop_{clock_};
  Recorder events_;
  std::optional<Listener> listener_;
  std::vector<Peer> peers_;
};

TEST_F(ListenerTest, HasThePortThatItGot) {
  listen();
  EXPECT_NE(listener_->port(), 0);
  EXPECT_EQ(listener_->local_address(), "127.0.0.1:" + std::to_string(listener_->port()));
}

TEST_F(ListenerTest, HandsOverConnectedTransports) {
  listen();
  connect();
  expect_accepted(1);
  EXPECT_EQ(events_.accepted[0]->local_address(), listener_->local_address());
  EXPECT_EQ(events_.accepted[0]->peer_address(), bound_address(peers_[0].socket()).to_string());
  const Bytes greeting = as_bytes("welcome");
  events_.accepted[0]->write({&greeting, 1});
  events_.accepted[0]->close();
  EXPECT_EQ(peers_[0].read_to_end(), "welcome");
}

TEST_F(ListenerTest, AcceptsSeveralPerWakeUpButNotWithoutEnd) {
  listen();
  for (int i = 0; i < 20; ++i) connect();
  loop_.poll();
  EXPECT_EQ(events_.accepted.size(), 16U);
  expect_accepted(20);
  EXPECT_EQ(listener_->connections(), 20U);
}

TEST_F(ListenerTest, AcceptsAllThatWaitBeforeAClose) {
  listen();
  for (int i = 0; i < 40; ++i) connect();
  listener_->accept_waiting();
  listener_->close();
  EXPECT_EQ(events_.accepted.size(), 40U);
  listener_->accept_waiting();
}

TEST_F(ListenerTest, ABacklogBoundsWhatItAcceptsBeforeAClose) {
  listen({.backlog = 5});
  for (int i = 0; i < 6; ++i) connect();  // the system lets one more in
  listener_->accept_waiting();
  EXPECT_EQ(events_.accepted.size(), 5U);
}

TEST_F(ListenerTest, StopsAtItsLimitAndGoesOnWhenOneIsGone) {
  listen({.max_connections = 2});
  for (int i = 0; i < 4; ++i) connect();
  expect_accepted(2);
  EXPECT_EQ(events_.limits, 1);
  events_.accepted.front()->close();
  settle(loop_);
  EXPECT_EQ(listener_->connections(), 2U) << "a transport counts until it is destroyed";
  events_.accepted.erase(events_.accepted.begin());
  expect_accepted(2);
  EXPECT_EQ(events_.limits, 2);
  events_.accepted.clear();
  expect_accepted(1);
  EXPECT_EQ(events_.limits, 2);
}

TEST_F(ListenerTest, IsNotAtItsLimitWhenTheTransportIsRefusedAtOnce) {
  listen({.max_connections = 1});
  events_.then = [&] { events_.accepted.clear(); };
  for (int i = 0; i < 3; ++i) connect();
  settle(loop_);
  EXPECT_EQ(events_.limits, 0);
  EXPECT_EQ(listener_->connections(), 0U);
}

TEST_F(ListenerTest, PausesLongerAndLongerWhileDescriptorsAreOut) {
  listen({.accept_backoff = 5ms, .accept_backoff_max = 15ms});
  connect();
  {
    const NoDescriptorsLeft out;
    run_until(loop_, [&] { return !events_.pauses.empty(); });
    settle(loop_);
    for (int i = 0; i < 3; ++i) {
      clock_.advance(events_.pauses.back());
      settle(loop_);
    }
  }
  EXPECT_THAT(events_.pauses, ElementsAre(5ms, 10ms, 15ms, 15ms));
  EXPECT_EQ(events_.last_error, boost::system::errc::too_many_files_open);
  EXPECT_TRUE(events_.accepted.empty());
}

TEST_F(ListenerTest, AcceptsAfterThePauseAndStartsOverWithTheShortestOne) {
  listen();
  for (int round = 1; round <= 2; ++round) {
    connect();
    {
      const NoDescriptorsLeft out;
      settle(loop_);
    }
    clock_.advance(5ms);
    expect_accepted(static_cast<std::size_t>(round));
  }
  EXPECT_THAT(events_.pauses, ElementsAre(5ms, 5ms));
}

// Others can still open one while clients find none.
TEST_F(ListenerTest, LeavesTheDescriptorsBeyondItsBoundToOthers) {
  std::optional<Descriptor> ballast(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  listen({.max_descriptors = static_cast<std::size_t>(ballast->get()) + 4});
  for (int i = 0; i < 3; ++i) connect();  // the peers' ends are as many
  run_until(loop_, [&] { return !events_.pauses.empty(); });
  EXPECT_EQ(events_.last_error, boost::system::errc::too_many_files_open);
  EXPECT_TRUE(events_.accepted.empty());
  peers_.front().read_to_end();
  EXPECT_EQ(peers_.front().ended_with, ECONNRESET);
  EXPECT_TRUE(Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)));

  ballast.reset();
  clock_.advance(events_.pauses.back());
  expect_accepted(1);
}

TEST_F(ListenerTest, AcceptsNothingAfterItsClose) {
  listen();
  const Address address = *literal_address({"127.0.0.1", listener_->port()});
  connect();
  listener_->close();
  listener_->close();
  settle(loop_);
  EXPECT_TRUE(events_.accepted.empty());
  const Descriptor late = open_socket(address.family()).value();
  testing::make_blocking(late);
  EXPECT_NE(::connect(late.get(), system_form(address), system_size(address)), 0);
  EXPECT_NE(listener_->port(), 0) << "the address is still known";
}

TEST_F(ListenerTest, MayBeClosedInsideItsEvent) {
  listen();
  for (int i = 0; i < 3; ++i) connect();
  events_.then = [&] { listener_->close(); };
  expect_accepted(1);
}

TEST_F(ListenerTest, MayBeDestroyedInsideItsEvent) {
  listen({.max_connections = 1});
  for (int i = 0; i < 3; ++i) connect();
  events_.then = [&] { listener_.reset(); };
  expect_accepted(1);
  EXPECT_EQ(events_.limits, 0);
}

TEST_F(ListenerTest, IsOutlivedByItsTransports) {
  listen({.max_connections = 1});
  connect();
  expect_accepted(1);
  listener_.reset();
  settle(loop_);
  events_.accepted.clear();
  settle(loop_);
}

TEST_F(ListenerTest, MovesWithItsSocket) {
  listen();
  Listener moved(std::move(*listener_));
  *listener_ = std::move(moved);
  connect();
  expect_accepted(1);
}

TEST_F(ListenerTest, OnAUnixPathThatIsTooLongIsAnError) {
  const auto listener = Listener::listen(loop_, UnixPath{std::string(500, 'x')}, events_);
  ASSERT_FALSE(listener);
  EXPECT_THAT(listener.error().message, ::testing::HasSubstr("File name too long"));
}

TEST_F(ListenerTest, OnAUnixPathNamesThePathForBothEnds) {
  const ScratchFolder folder;
  listen({}, UnixPath{folder.file("socket")});
  EXPECT_EQ(listener_->port(), 0);
  connect();
  expect_accepted(1);
  EXPECT_EQ(events_.accepted[0]->local_address(), "unix:" + folder.file("socket"));
  EXPECT_EQ(events_.accepted[0]->peer_address(), "unix:" + folder.file("socket"));
  events_.accepted.clear();
  listener_.reset();
}

TEST_F(ListenerTest, OnAUnixPathAppliesItsOptionsToWhatItAccepts) {
  const ScratchFolder folder;
  listen({.socket = {.send_buffer = 4096}}, UnixPath{folder.file("socket")});
  connect();
  expect_accepted(1);
  const std::string large(1024 * 1024, 'x');
  const Bytes buffer = as_bytes(large);
  EXPECT_LT(events_.accepted[0]->write({&buffer, 1}).bytes, 64U * 1024);
  events_.accepted.clear();
  listener_.reset();
}

TEST(ListenError, BecomesAnExceptionWhereAValueIsAskedFor) {
  EventLoop loop;
  Recorder events;
  EXPECT_THROW(Listener::listen(loop, HostPort{"192.0.2.1", 0}, events).value(),
               std::runtime_error);
}

}  // namespace
}  // namespace spillway
