#include "transport/listening_socket.hpp"

#include "loopback.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <netinet/tcp.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace spillway {
namespace {

using ::testing::EndsWith;
using testing::Peer;
using testing::ScratchFolder;
using ::testing::StartsWith;

Descriptor accept_from(const ListeningSocket& socket) {
  testing::make_blocking(socket.impl().descriptor());
  return Descriptor(::accept4(socket.impl().descriptor().get(), nullptr, nullptr, SOCK_CLOEXEC));
}

TEST(ListeningSocket, GetsAPortOfItsOwnWhenNoneIsAskedFor) {
  const auto socket = ListeningSocket::open(HostPort{"127.0.0.1", 0}, {});
  ASSERT_TRUE(socket) << socket.error().message;
  EXPECT_NE(port_of(socket->impl().address()), 0);
}

TEST(ListeningSocket, ListensOnALocalName) {
  const auto socket = ListeningSocket::open(HostPort{"localhost", 0}, {});
  ASSERT_TRUE(socket) << socket.error().message;
}

TEST(ListeningSocket, NamesTheAddressThatIsInUse) {
  const auto first = ListeningSocket::open(HostPort{"127.0.0.1", 0}, {});
  const HostPort taken{"127.0.0.1", port_of(first->impl().address())};
  const auto second = ListeningSocket::open(taken, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "cannot listen on " + to_string(taken) + ": Address already in use");
  EXPECT_EQ(second.error().error, boost::system::errc::address_in_use);
}

TEST(ListeningSocket, SharesItsPortOnlyWithThoseWhoReuseIt) {
  const ListenerOptions sharing{.reuse_port = true};
  const auto first = ListeningSocket::open(HostPort{"127.0.0.1", 0}, sharing);
  const HostPort port{"127.0.0.1", port_of(first->impl().address())};
  EXPECT_TRUE(ListeningSocket::open(port, sharing));
  EXPECT_FALSE(ListeningSocket::open(port, {}));
}

TEST(ListeningSocket, SaysWhyAnAddressIsNotItsOwn) {
  const auto socket = ListeningSocket::open(HostPort{"192.0.2.1", 0}, {});
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().message,
            "cannot listen on 192.0.2.1:0: Cannot assign requested address");
}

TEST(ListeningSocket, HandsItsOptionsDownToWhatItAccepts) {
  const ListenerOptions options{.socket = {.notsent_lowat = 16384,
                                           .send_buffer = 20000,
                                           .receive_buffer = 30000,
                                           .user_timeout = std::chrono::seconds(7),
                                           .keepalive_idle = std::chrono::seconds(11)}};
  const auto socket = ListeningSocket::open(HostPort{"127.0.0.1", 0}, options);
  const Peer peer = Peer::connect(socket->impl().address());
  const Descriptor accepted = accept_from(*socket);
  const auto tcp = [&](int name) { return testing::get_option(accepted, IPPROTO_TCP, name); };
  EXPECT_EQ(tcp(TCP_NODELAY), 1);
  EXPECT_EQ(tcp(TCP_NOTSENT_LOWAT), 16384);
  EXPECT_EQ(tcp(TCP_USER_TIMEOUT), 7000);
  EXPECT_EQ(tcp(TCP_KEEPIDLE), 11);
  EXPECT_EQ(testing::get_option(accepted, SOL_SOCKET, SO_KEEPALIVE), 1);
  // The system doubles what it is asked for.
  EXPECT_EQ(testing::get_option(accepted, SOL_SOCKET, SO_SNDBUF), 40000);
  EXPECT_EQ(testing::get_option(accepted, SOL_SOCKET, SO_RCVBUF), 60000);
}

class UnixListeningSocket : public ::testing::Test {
 protected:
  [[nodiscard]] auto open() const { return ListeningSocket::open(UnixPath{path_}, {}); }

  /// A socket file that nobody listens on any more.
  void leave_stale_socket() const {
    const Descriptor dead = open_socket(Address::Family::unix_domain).value();
    const Address address = unix_address({path_}).value();
    ASSERT_EQ(::bind(dead.get(), system_form(address), system_size(address)), 0);
  }

  ScratchFolder folder_;
  std::string path_ = folder_.file("socket");
};

TEST_F(UnixListeningSocket, IsReachedByItsPath) {
  const auto socket = open();
  ASSERT_TRUE(socket) << socket.error().message;
  EXPECT_EQ(socket->impl().address().to_string(), "unix:" + path_);
  const Peer peer = Peer::connect(socket->impl().address());
  EXPECT_TRUE(accept_from(*socket));
}

TEST_F(UnixListeningSocket, RemovesItsFileWhenClosedAndWhenDestroyed) {
  {
    auto socket = open();
    socket->impl().close();
    EXPECT_FALSE(std::filesystem::exists(path_));
    socket = open();
    EXPECT_TRUE(std::filesystem::exists(path_));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UnixListeningSocket, ReplacesWhatADeadProcessLeft) {
  leave_stale_socket();
  const auto socket = open();
  ASSERT_TRUE(socket) << socket.error().message;
  const Peer peer = Peer::connect(socket->impl().address());
  EXPECT_TRUE(accept_from(*socket));
}

TEST_F(UnixListeningSocket, LeavesALiveOneAlone) {
  const auto first = open();
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message, "cannot listen on unix:" + path_ + ": Address already in use");
  const Peer peer = Peer::connect(first->impl().address());
  EXPECT_TRUE(accept_from(*first));
}

TEST_F(UnixListeningSocket, NeverRemovesAFileThatIsNoSocket) {
  std::ofstream(path_) << "precious";
  EXPECT_FALSE(open());
  EXPECT_TRUE(std::filesystem::is_regular_file(path_));
}

TEST_F(UnixListeningSocket, LeavesTheFileOfItsSuccessor) {
  auto first = open();
  std::filesystem::remove(path_);
  const auto successor = open();
  first->impl().close();
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(UnixListeningSocket, SaysWhyThePathCannotBe) {
  const auto socket = ListeningSocket::open(UnixPath{folder_.file("missing/socket")}, {});
  ASSERT_FALSE(socket);
  EXPECT_THAT(socket.error().message, StartsWith("cannot listen on unix:"));
  EXPECT_THAT(socket.error().message, EndsWith(": No such file or directory"));
}

}  // namespace
}  // namespace spillway
