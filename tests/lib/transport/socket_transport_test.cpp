#include "transport/socket_transport.hpp"

#include "loopback.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace spillway {
namespace {

using testing::Peer;
using testing::run_until;
using testing::settle;

class Observer final : public TransportObserver {
 public:
  void on_ready(Readiness readiness) override {
    heard.push_back(readiness);
    if (then) then();
  }
  [[nodiscard]] bool readable() const { return !heard.empty() && heard.back().readable; }
  [[nodiscard]] bool failed() const { return !heard.empty() && heard.back().failed; }

  std::vector<Readiness> heard;
  std::function<void()> then;
};

/// A transport on a loop, connected to a plain socket.
struct Line {
  explicit Line(EventLoop& event_loop, int send_buffer = 0) : loop(event_loop) {
    const Descriptor listener = testing::bound_socket();
    EXPECT_EQ(::listen(listener.get(), 1), 0);
    // Accepted sockets inherit the size.
    if (send_buffer > 0) testing::set_option(listener, SOL_SOCKET, SO_SNDBUF, send_buffer);
    testing::make_blocking(listener);
    peer.emplace(Peer::connect(bound_address(listener)));
    Descriptor accepted(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    const Address local = bound_address(accepted);
    transport = SocketTransport::make(loop.poller(),
                                      {std::move(accepted), local, bound_address(peer->socket())})
                    .value();
  }

  void attach_and_watch(Interest interest) {
    transport->attach(observer);
    transport->watch(interest);
  }

  std::string read() {
    std::array<std::byte, 64> room{};
    last = transport->read(room);
    return std::string(as_text(std::span(room).first(last.bytes)));
  }

  IoResult write(std::string_view text) {
    const Bytes buffer = as_bytes(text);
    return transport->write({&buffer, 1});
  }

  /// Writes until neither system takes more: at the first refusal the peer's still has room.
  std::size_t fill() {
    const std::string piece(64 * 1024, 'x');
    std::size_t written = 0;
    for (int calls = 0; calls < 10'000; ++calls) {
      const IoResult result = write(piece);
      written += result.bytes;
      if (result.status == IoStatus::would_block && result.bytes == 0) return written;
    }
    ADD_FAILURE() << "never full";
    return written;
  }

  EventLoop& loop;
  Observer observer;
  std::optional<Peer> peer;
  std::unique_ptr<SocketTransport> transport;
  IoResult last;
};

class SocketTransportTest : public ::testing::Test {
 protected:
  EventLoop loop_;
  Line line_{loop_};
};

TEST_F(SocketTransportTest, ReadsWhatThePeerSends) {
  line_.attach_and_watch({.readable = true});
  line_.peer->send("hello");
  run_until(loop_, [&] { return line_.observer.readable(); });
  EXPECT_EQ(line_.read(), "hello");
  EXPECT_EQ(line_.last.status, IoStatus::done);
  EXPECT_EQ(line_.read(), "");
  EXPECT_EQ(line_.last.status, IoStatus::would_block);
}

TEST_F(SocketTransportTest, ReportsTheEndOfTheStreamBehindItsData) {
  line_.attach_and_watch({.readable = true});
  line_.peer->send("bye");
  line_.peer->close();
  run_until(loop_, [&] { return line_.observer.readable(); });
  EXPECT_EQ(line_.read(), "bye");
  run_until(loop_, [&] {
    line_.read();
    return line_.last.status == IoStatus::end_of_stream;
  });
}

TEST_F(SocketTransportTest, WritesManyBuffersInOrderSkippingEmptyOnes) {
  const std::vector<Bytes> buffers{as_bytes("one "), Bytes{}, as_bytes("two "), as_bytes("three")};
  const IoResult result = line_.transport->write(buffers);
  EXPECT_EQ(result.status, IoStatus::done);
  EXPECT_EQ(result.bytes, 13U);
  line_.transport->close();
  EXPECT_EQ(line_.peer->read_to_end(), "one two three");
}

TEST_F(SocketTransportTest, WritesNothingWithoutACall) {
  const std::vector<Bytes> empty(3);
  EXPECT_EQ(line_.transport->write(empty).status, IoStatus::done);
  EXPECT_EQ(line_.transport->write({}).bytes, 0U);
}

TEST_F(SocketTransportTest, TakesAListThatIsLongerThanOneCallInSeveral) {
  const std::vector<Bytes> buffers(1000, as_bytes("x"));
  std::size_t written = 0;
  while (written < buffers.size()) {
    const IoResult result = line_.transport->write(BufferList(buffers).subspan(written));
    ASSERT_EQ(result.status, IoStatus::done);
    ASSERT_GT(result.bytes, 0U);
    written += result.bytes;
  }
  line_.transport->close();
  EXPECT_EQ(line_.peer->read_to_end(), std::string(1000, 'x'));
}

TEST(SocketTransport, ReportsAFullSocketTogetherWithWhatItTook) {
  EventLoop loop;
  Line line(loop, 4096);
  const std::string large(4 * 1024 * 1024, 'x');
  const IoResult result = line.write(large);
  EXPECT_EQ(result.status, IoStatus::would_block);
  EXPECT_GT(result.bytes, 0U);
  EXPECT_LT(result.bytes, large.size());
}

TEST(SocketTransport, BecomesWriteableAgainUntilAllIsGone) {
  EventLoop loop;
  Line line(loop, 32 * 1024);
  const std::string large(4 * 1024 * 1024, 'x');
  std::size_t written = line.write(large).bytes;
  std::string received;
  std::thread reader([&] { received = line.peer->read_to_end(); });
  line.observer.then = [&] {
    if (line.observer.heard.back().writeable) {
      written += line.write(std::string_view(large).substr(written)).bytes;
    }
  };
  line.attach_and_watch({.writeable = true});
  run_until(loop, [&] { return written == large.size(); });
  line.transport->close();
  reader.join();
  EXPECT_EQ(received.size(), large.size());
  EXPECT_EQ(line.peer->ended_with, 0);
}

TEST(SocketTransport, TellsWhatThePeerHasNotAcknowledged) {
  EventLoop loop;
  Line line(loop, 4096);
  EXPECT_EQ(line.transport->unacknowledged_bytes(), 0U);
  const std::size_t written = line.fill();
  EXPECT_GT(line.transport->unacknowledged_bytes(), 0U);
  EXPECT_LE(line.transport->unacknowledged_bytes(), written);

  // The peer's answer carries its acknowledgement.
  line.peer->read(written);
  line.peer->send("got it");
  line.attach_and_watch({.readable = true});
  run_until(loop, [&] { return line.observer.readable(); });
  EXPECT_EQ(line.transport->unacknowledged_bytes(), 0U);
}

TEST(SocketTransport, HasNothingUnacknowledgedOnceClosed) {
  EventLoop loop;
  Line closed(loop, 4096);
  Line aborted(loop, 4096);
  closed.fill();
  aborted.fill();
  closed.transport->close();
  aborted.transport->abort();
  EXPECT_EQ(closed.transport->unacknowledged_bytes(), 0U);
  EXPECT_EQ(aborted.transport->unacknowledged_bytes(), 0U);
}

TEST_F(SocketTransportTest, TellsNothingOfDataThatIsNotWatched) {
  line_.attach_and_watch({.readable = true});
  line_.transport->watch({});
  line_.peer->send("held");
  settle(loop_);
  EXPECT_TRUE(line_.observer.heard.empty());
  line_.transport->watch({.readable = true});
  run_until(loop_, [&] { return line_.observer.readable(); });
  EXPECT_EQ(line_.read(), "held");
}

// SC-20: a mute takes effect at once, also between two events of one wake-up.
TEST(SocketTransport, TellsNothingThatWasFoundBeforeItWasMuted) {
  EventLoop loop;
  Line first(loop);
  Line second(loop);
  const auto mute_both = [&] {
    first.transport->watch({});
    second.transport->watch({});
  };
  first.observer.then = mute_both;
  second.observer.then = mute_both;
  first.attach_and_watch({.readable = true});
  second.attach_and_watch({.readable = true});
  first.peer->send("1");
  second.peer->send("2");
  settle(loop);
  EXPECT_EQ(first.observer.heard.size() + second.observer.heard.size(), 1U);
}

TEST_F(SocketTransportTest, SeesThePeersReset) {
  line_.attach_and_watch({.readable = true});
  line_.peer->reset();
  run_until(loop_, [&] { return line_.observer.failed(); });
  EXPECT_TRUE(line_.observer.readable());
  line_.read();
  EXPECT_EQ(line_.last.status, IoStatus::failed);
  EXPECT_EQ(line_.last.error, boost::system::errc::connection_reset);
}

TEST_F(SocketTransportTest, SeesThePeersResetWhileMuted) {
  line_.attach_and_watch({});
  line_.peer->reset();
  run_until(loop_, [&] { return line_.observer.failed(); });
  EXPECT_FALSE(line_.observer.readable());
  EXPECT_EQ(line_.transport->take_error(), boost::system::errc::connection_reset);
  settle(loop_);
}

TEST_F(SocketTransportTest, SeesAResetThatCameBeforeItWasWatched) {
  line_.peer->reset();
  settle(loop_);
  line_.attach_and_watch({});
  run_until(loop_, [&] { return line_.observer.failed(); });
  EXPECT_EQ(line_.transport->take_error(), boost::system::errc::connection_reset);
}

TEST_F(SocketTransportTest, TellsOfDataThatCameBeforeItWasWatched) {
  line_.peer->send("early");
  settle(loop_);
  line_.attach_and_watch({.readable = true});
  run_until(loop_, [&] { return line_.observer.readable(); });
  EXPECT_EQ(line_.read(), "early");
}

TEST_F(SocketTransportTest, FailsToWriteAfterAResetWithoutASignal) {
  line_.attach_and_watch({});
  line_.peer->reset();
  run_until(loop_, [&] { return line_.observer.failed(); });
  line_.transport->take_error();
  const IoResult result = line_.write("too late");
  EXPECT_EQ(result.status, IoStatus::failed);
  EXPECT_EQ(result.error, boost::system::errc::broken_pipe);
}

TEST_F(SocketTransportTest, DoesNotSpinOnAHangUpWhileMuted) {
  line_.attach_and_watch({});
  line_.peer->send("last words");
  line_.transport->shutdown_send();
  line_.peer->close();
  run_until(loop_, [&] { return line_.observer.failed(); });
  settle(loop_);
  EXPECT_EQ(line_.observer.heard.size(), 1U);
  EXPECT_FALSE(line_.transport->take_error());
  line_.transport->watch({.readable = true});
  run_until(loop_, [&] { return line_.observer.readable(); });
  EXPECT_EQ(line_.read(), "last words");
}

TEST_F(SocketTransportTest, EndsItsSendingSideBehindWhatWasWritten) {
  line_.write("all of it");
  line_.transport->shutdown_send();
  EXPECT_EQ(line_.peer->read_to_end(), "all of it");
  EXPECT_EQ(line_.peer->ended_with, 0);
  line_.attach_and_watch({.readable = true});
  line_.peer->send("still open");
  run_until(loop_, [&] { return line_.observer.readable(); });
  EXPECT_EQ(line_.read(), "still open");
}

TEST_F(SocketTransportTest, ClosesCleanlyOverDataThatNobodyRead) {
  line_.attach_and_watch({.readable = true});
  line_.peer->send(std::string(100'000, 'x'));
  run_until(loop_, [&] { return line_.observer.readable(); });
  line_.write("goodbye");
  line_.transport->close();
  EXPECT_EQ(line_.peer->read_to_end(), "goodbye");
  EXPECT_EQ(line_.peer->ended_with, 0);
}

TEST_F(SocketTransportTest, ResetsThePeerWhenAborted) {
  line_.transport->abort();
  line_.peer->read_to_end();
  EXPECT_EQ(line_.peer->ended_with, ECONNRESET);
}

TEST_F(SocketTransportTest, ResetsThePeerWhenDestroyedOpen) {
  line_.transport.reset();
  line_.peer->read_to_end();
  EXPECT_EQ(line_.peer->ended_with, ECONNRESET);
}

TEST_F(SocketTransportTest, StaysClosedWhenClosedFirst) {
  line_.transport->close();
  line_.transport->abort();
  line_.transport->watch({.readable = true});
  line_.transport.reset();
  line_.peer->read_to_end();
  EXPECT_EQ(line_.peer->ended_with, 0);
}

TEST_F(SocketTransportTest, TellsNothingOnceClosed) {
  line_.attach_and_watch({.readable = true});
  line_.peer->send("x");
  line_.transport->close();
  settle(loop_);
  EXPECT_TRUE(line_.observer.heard.empty());
}

TEST_F(SocketTransportTest, MayBeDestroyedInsideItsOwnEvent) {
  line_.observer.then = [&] { line_.transport.reset(); };
  line_.attach_and_watch({.readable = true});
  line_.peer->send("x");
  run_until(loop_, [&] { return line_.transport == nullptr; });
  settle(loop_);
  EXPECT_EQ(line_.observer.heard.size(), 1U);
}

TEST_F(SocketTransportTest, KnowsItsAddressesAfterTheEnd) {
  const std::string local = line_.transport->local_address();
  EXPECT_TRUE(local.starts_with("127.0.0.1:"));
  EXPECT_EQ(line_.transport->peer_address(), bound_address(line_.peer->socket()).to_string());
  line_.transport->close();
  EXPECT_EQ(line_.transport->local_address(), local);
}

}  // namespace
}  // namespace spillway
