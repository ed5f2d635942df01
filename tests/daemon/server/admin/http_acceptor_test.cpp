#include "daemon/server/admin/http_acceptor.hpp"

#include "tests/daemon/config/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/stat.h>

#include <filesystem>
#include <variant>
#include <vector>

namespace spillway::server::admin {
namespace {

using ::testing::HasSubstr;

TEST(HttpAcceptor, TellsThePortThatItGot) {
  asio::io_context control;
  for (const char* host : {"127.0.0.1", "localhost"}) {
    const auto acceptor = HttpAcceptor::open(control, HostPort{host, 0});
    ASSERT_TRUE(acceptor);
    const auto& address = std::get<HostPort>(acceptor->address());
    EXPECT_EQ(address.host, "127.0.0.1");
    EXPECT_NE(address.port, 0);
  }
}

TEST(HttpAcceptor, RefusesAnAddressThatIsTaken) {
  asio::io_context control;
  const auto first = HttpAcceptor::open(control, HostPort{"127.0.0.1", 0});
  ASSERT_TRUE(first);
  const auto second = HttpAcceptor::open(control, first->address());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "admin: cannot listen on " + to_string(first->address()) + ": Address already in use");
}

TEST(HttpAcceptor, RemovesItsPathWhenItGoes) {
  asio::io_context control;
  const test::TemporaryFolder folder;
  const UnixPath path{(folder.path() / "admin.sock").string()};
  {
    const auto acceptor = HttpAcceptor::open(control, path);
    ASSERT_TRUE(acceptor);
    EXPECT_TRUE(std::filesystem::is_socket(path.path));
    const auto second = HttpAcceptor::open(control, path);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr("Address already in use"));
    EXPECT_TRUE(std::filesystem::is_socket(path.path));
  }
  EXPECT_FALSE(std::filesystem::exists(path.path));
}

TEST(HttpAcceptor, APathIsNotForOthersWhateverTheUmask) {
  asio::io_context control;
  const test::TemporaryFolder folder;
  const UnixPath path{(folder.path() / "admin.sock").string()};
  const mode_t before = ::umask(0);
  const auto acceptor = HttpAcceptor::open(control, path);
  ::umask(before);
  ASSERT_TRUE(acceptor);
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path.path).permissions(), perms::owner_all | perms::group_all);
}

TEST(HttpAcceptor, DoesNotWaitForWhoeverIsStuckOnAPath) {
  asio::io_context control;
  const test::TemporaryFolder folder;
  const UnixPath path{(folder.path() / "admin.sock").string()};
  boost::system::error_code error;
  const auto address = to_socket_address(path, error);
  HttpAcceptor::Socket stuck(control);
  stuck.open(address.protocol());
  stuck.bind(address);
  stuck.listen(0);
  std::vector<Socket> waiting;
  bool is_full = false;
  for (int i = 0; i < 10 && !is_full; ++i) {
    Socket& client = waiting.emplace_back(control, address.protocol());
    client.native_non_blocking(true);
    const auto size = static_cast<socklen_t>(address.size());
    is_full = ::connect(client.native_handle(), address.data(), size) != 0;
  }
  ASSERT_TRUE(is_full);
  EXPECT_FALSE(HttpAcceptor::open(control, path));
  EXPECT_TRUE(std::filesystem::is_socket(path.path));
}

TEST(HttpAcceptor, ReplacesWhatADeadProcessLeft) {
  asio::io_context control;
  const test::TemporaryFolder folder;
  const UnixPath path{(folder.path() / "admin.sock").string()};
  {
    HttpAcceptor::Socket left(control);
    boost::system::error_code error;
    const auto address = to_socket_address(path, error);
    left.open(address.protocol());
    left.bind(address);
  }
  EXPECT_TRUE(std::filesystem::is_socket(path.path));
  EXPECT_TRUE(HttpAcceptor::open(control, path));
}

TEST(HttpAcceptor, LeavesAFileThatIsNoSocket) {
  asio::io_context control;
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "notes";
  std::ofstream(path) << "mine";
  EXPECT_FALSE(HttpAcceptor::open(control, UnixPath{path.string()}));
  EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

}  // namespace
}  // namespace spillway::server::admin
