#include "loopback.hpp"

#include <spillway/connector.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spillway {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using testing::BlackHole;
using ::testing::HasSubstr;
using testing::run_until;
using testing::ScratchFolder;
using testing::settle;
using ::testing::StartsWith;

class Recorder final : public DialObserver {
 public:
  void on_dialled(std::unique_ptr<Transport> dialled) override {
    transport = std::move(dialled);
    if (then) then();
  }
  void on_dial_failed(Failure failed) override {
    failure = std::move(failed);
    if (then) then();
  }
  [[nodiscard]] bool heard() const { return transport || failure; }

  std::unique_ptr<Transport> transport;
  std::optional<Failure> failure;
  std::function<void()> then;
};

/// Answers when the test says so.
class ScriptedResolver final : public Resolver {
 public:
  std::unique_ptr<Query> resolve(EventLoop&, const HostPort&,
                                 std::function<void(ResolveResult)> handler) override {
    handler_ = std::move(handler);
    return std::make_unique<Asked>(handler_);
  }
  void answer(const ResolveResult& result) { handler_(result); }
  [[nodiscard]] bool asked() const { return handler_ != nullptr; }

 private:
  struct Asked final : Query {
    explicit Asked(std::function<void(ResolveResult)>& handler) : handler_(handler) {}
    ~Asked() override { handler_ = nullptr; }
    std::function<void(ResolveResult)>& handler_;
  };
  std::function<void(ResolveResult)> handler_;
};

/// A listening socket whose connections wait in the backlog.
class Host {
 public:
  Host() : socket_(testing::bound_socket()) { EXPECT_EQ(::listen(socket_.get(), 16), 0); }
  [[nodiscard]] Address address() const { return bound_address(socket_); }
  [[nodiscard]] Endpoint endpoint() const { return HostPort{"127.0.0.1", port_of(address())}; }

 private:
  Descriptor socket_;
};

class ConnectorTest : public ::testing::Test {
 protected:
  void dial(Endpoint target, ConnectorOptions options = {}) {
    dial_ = make_connector(loop_, resolver_, std::move(target), options);
    dial_->start(observer_);
    EXPECT_FALSE(observer_.heard()) << "the observer is never called from inside start()";
  }
  /// Dials a name that resolves to `addresses`.
  void dial_name(std::vector<Address> addresses) {
    dial(HostPort{"feed.internal", 80});
    resolver_.answer(std::move(addresses));
    settle(loop_);
  }
  void finish() {
    run_until(loop_, [&] { return observer_.heard(); });
    settle(loop_);
  }
  void expect_failure(FailureReason reason) {
    finish();
    ASSERT_TRUE(observer_.failure);
    EXPECT_EQ(observer_.failure->reason, reason) << observer_.failure->detail;
  }
  void expect_connected_to(const Address& address) {
    finish();
    ASSERT_TRUE(observer_.transport) << observer_.failure->detail;
    EXPECT_EQ(observer_.transport->peer_address(), address.to_string());
  }

  ManualClock clock_;
  EventLoop loop_{clock_};
  ScriptedResolver resolver_;
  Recorder observer_;
  std::unique_ptr<Dial> dial_;
};

TEST_F(ConnectorTest, ConnectsToAnAddressWithoutTheResolver) {
  const Host host;
  dial(host.endpoint());
  EXPECT_FALSE(resolver_.asked());
  expect_connected_to(host.address());
  EXPECT_THAT(observer_.transport->local_address(), StartsWith("127.0.0.1:"));
}

TEST_F(ConnectorTest, ConnectsToAName) {
  const Host host;
  dial_name({host.address()});
  expect_connected_to(host.address());
}

TEST_F(ConnectorTest, ConnectsToAUnixPath) {
  const ScratchFolder folder;
  const Address address = unix_address({folder.file("socket")}).value();
  const Descriptor listener = open_socket(address.family()).value();
  ASSERT_EQ(::bind(listener.get(), system_form(address), system_size(address)), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  dial(UnixPath{folder.file("socket")});
  expect_connected_to(address);
  EXPECT_EQ(observer_.transport->local_address(), "unix:");
}

TEST_F(ConnectorTest, IsRefusedWhereNobodyListens) {
  const Descriptor taken = testing::bound_socket();
  dial(HostPort{"127.0.0.1", port_of(bound_address(taken))});
  expect_failure(FailureReason::refused);
  EXPECT_EQ(observer_.failure->error, boost::system::errc::connection_refused);
  EXPECT_EQ(observer_.failure->detail, bound_address(taken).to_string() + ": Connection refused");
}

TEST_F(ConnectorTest, FailsWhereItsSocketWouldBeBeyondItsBound) {
  const Host host;
  const int next = Descriptor(::dup(0)).get();
  dial(host.endpoint(), {.max_descriptors = static_cast<std::size_t>(next)});
  expect_failure(FailureReason::io_error);
  EXPECT_EQ(observer_.failure->error, boost::system::errc::too_many_files_open);
  observer_.failure.reset();
  dial(host.endpoint(), {.max_descriptors = static_cast<std::size_t>(next) + 1});
  expect_connected_to(host.address());
}

TEST_F(ConnectorTest, FailsOnAUnixPathThatTheSystemCannotHave) {
  for (const std::string& path : {std::string(), std::string(108, 'x'), std::string(5000, 'x')}) {
    EXPECT_FALSE(unix_address({path}));
  }
  EXPECT_TRUE(unix_address({std::string(107, 'x')}));
}

TEST_F(ConnectorTest, IsRefusedWhereNoUnixSocketIs) {
  const ScratchFolder folder;
  dial(UnixPath{folder.file("missing")});
  expect_failure(FailureReason::refused);
  EXPECT_EQ(observer_.failure->detail,
            "unix:" + folder.file("missing") + ": No such file or directory");
}

TEST_F(ConnectorTest, IsRefusedByAUnixListenerWhoseBacklogIsFull) {
  const ScratchFolder folder;
  const Address address = unix_address({folder.file("socket")}).value();
  const Descriptor listener = open_socket(address.family()).value();
  ASSERT_EQ(::bind(listener.get(), system_form(address), system_size(address)), 0);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  const testing::Peer first = testing::Peer::connect(address);
  dial(UnixPath{folder.file("socket")});
  expect_failure(FailureReason::refused);
  EXPECT_THAT(observer_.failure->detail, HasSubstr("backlog is full"));
}

TEST_F(ConnectorTest, ReportsWhatCannotBeReached) {
  // TCP knows no way to a multicast group; no packet is sent.
  dial(HostPort{"224.0.0.1", 80});
  expect_failure(FailureReason::unreachable);
}

TEST_F(ConnectorTest, ReportsANameThatDoesNotResolve) {
  dial(HostPort{"feed.internal", 80});
  resolver_.answer(ResolveError{"Name or service not known"});
  EXPECT_FALSE(observer_.heard());
  expect_failure(FailureReason::resolve_failed);
  EXPECT_EQ(observer_.failure->detail, "cannot resolve feed.internal: Name or service not known");
}

TEST_F(ConnectorTest, TriesTheNextAddressAtOnceWhenOneRefuses) {
  const Host host;
  const Descriptor taken = testing::bound_socket();
  dial_name({bound_address(taken), host.address()});
  expect_connected_to(host.address());
}

TEST_F(ConnectorTest, ReportsEveryAddressThatRefused) {
  const Descriptor first = testing::bound_socket();
  const Descriptor second = testing::bound_socket();
  dial_name({bound_address(first), bound_address(second)});
  expect_failure(FailureReason::refused);
  EXPECT_THAT(observer_.failure->detail, AllOf(HasSubstr(bound_address(first).to_string()),
                                               HasSubstr(bound_address(second).to_string())));
}

TEST_F(ConnectorTest, TriesTheNextAddressBesideOneThatIsSilent) {
  const Host host;
  const BlackHole silent;
  dial_name({silent.address(), host.address()});
  clock_.advance(249ms);
  settle(loop_);
  EXPECT_FALSE(observer_.heard());
  clock_.advance(1ms);
  expect_connected_to(host.address());
}

TEST_F(ConnectorTest, GivesUpAtTheDeadline) {
  const BlackHole silent;
  dial_name({silent.address()});
  clock_.advance(4999ms);
  settle(loop_);
  EXPECT_FALSE(observer_.heard());
  clock_.advance(1ms);
  expect_failure(FailureReason::connect_timeout);
  EXPECT_EQ(observer_.failure->error, boost::system::errc::timed_out);
  EXPECT_EQ(observer_.failure->detail, silent.address().to_string() + ": no answer in time");
}

TEST_F(ConnectorTest, CountsTheLookUpTowardTheDeadline) {
  dial(HostPort{"feed.internal", 80});
  clock_.advance(5s);
  expect_failure(FailureReason::connect_timeout);
  EXPECT_FALSE(resolver_.asked()) << "the look-up is cancelled";
  EXPECT_EQ(observer_.failure->detail, "the look-up of feed.internal:80 took too long");
}

TEST_F(ConnectorTest, HasNoDeadlineWhenNoneIsAskedFor) {
  dial(HostPort{"feed.internal", 80}, {.connect_timeout = Duration::zero()});
  clock_.advance(1000h);
  settle(loop_);
  EXPECT_FALSE(observer_.heard());
}

// Cancelled by destruction, at every stage.

TEST_F(ConnectorTest, HearsNothingWhenCancelledBeforeTheStart) {
  dial_ = make_connector(loop_, resolver_, HostPort{"feed.internal", 80});
  dial_.reset();
  settle(loop_);
  EXPECT_FALSE(observer_.heard());
}

TEST_F(ConnectorTest, HearsNothingWhenCancelledRightAfterTheStart) {
  const Host host;
  dial(host.endpoint());
  dial_.reset();
  settle(loop_);
  EXPECT_FALSE(observer_.heard());
}

TEST_F(ConnectorTest, HearsNothingWhenCancelledDuringTheLookUp) {
  dial(HostPort{"feed.internal", 80});
  dial_.reset();
  EXPECT_FALSE(resolver_.asked()) << "the look-up is cancelled";
  clock_.advance(5s);
  settle(loop_);
  EXPECT_FALSE(observer_.heard());
}

TEST_F(ConnectorTest, HearsNothingWhenCancelledBetweenTheAnswerAndTheFirstAttempt) {
  const Host host;
  dial(HostPort{"feed.internal", 80});
  resolver_.answer(std::vector{host.address()});
  dial_.reset();
  settle(loop_);
  EXPECT_FALSE(observer_.heard());
}

TEST_F(ConnectorTest, HearsNothingWhenCancelledDuringTheAttempts) {
  const BlackHole first;
  const BlackHole second;
  dial_name({first.address(), second.address()});
  clock_.advance(250ms);
  settle(loop_);
  dial_.reset();
  clock_.advance(5s);
  settle(loop_);
  EXPECT_FALSE(observer_.heard());
}

TEST_F(ConnectorTest, MayBeDestroyedInsideEachOfItsEvents) {
  observer_.then = [&] { dial_.reset(); };
  const Host host;
  dial(host.endpoint());
  expect_connected_to(host.address());
  observer_.transport.reset();

  dial(HostPort{"feed.internal", 80});
  resolver_.answer(ResolveError{"no"});
  expect_failure(FailureReason::resolve_failed);
  observer_.failure.reset();

  const Descriptor taken = testing::bound_socket();
  dial_name({bound_address(taken)});
  expect_failure(FailureReason::refused);
  observer_.failure.reset();

  dial(HostPort{"feed.internal", 80});
  clock_.advance(5s);
  expect_failure(FailureReason::connect_timeout);
}

TEST_F(ConnectorTest, ClosesTheLosersWhenOneWins) {
  const BlackHole silent;
  const Host host;
  dial_name({silent.address(), host.address()});
  clock_.advance(250ms);
  expect_connected_to(host.address());
  clock_.advance(1h);
  EXPECT_FALSE(loop_.poll()) << "no timer and no attempt is left";
}

}  // namespace
}  // namespace spillway
