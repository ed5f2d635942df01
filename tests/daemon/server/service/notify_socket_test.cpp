#include "daemon/server/service/notify_socket.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace spillway::testing {
namespace {

using server::service::NotifySocket;

/// The service manager's end.
class Receiver {
 public:
  explicit Receiver(std::string address) : address_(std::move(address)) {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    address_.copy(where.sun_path, sizeof where.sun_path - 1);
    if (is_abstract()) where.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&where), length), 0);
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() {
    ::close(descriptor_);
    if (!is_abstract()) std::filesystem::remove(address_);
  }
  [[nodiscard]] std::string next() const {
    char text[256];
    const ssize_t size = ::recv(descriptor_, text, sizeof text, MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(size));
  }

 private:
  [[nodiscard]] bool is_abstract() const { return address_.starts_with('@'); }

  std::string address_;
  int descriptor_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

std::string name() { return "spillway-notify-" + std::to_string(::getpid()); }
std::string path() { return std::filesystem::temp_directory_path() / name(); }

void expect_delivery(const std::string& address) {
  const Receiver receiver(address);
  const auto socket = NotifySocket::open(address);
  ASSERT_TRUE(socket);
  EXPECT_FALSE(socket->send("READY=1\nSTATUS=well"));
  EXPECT_FALSE(socket->send("STOPPING=1"));
  EXPECT_EQ(receiver.next(), "READY=1\nSTATUS=well");
  EXPECT_EQ(receiver.next(), "STOPPING=1");
}

std::string fault_of(const std::string& address) {
  const auto socket = NotifySocket::open(address);
  return socket ? "none" : socket.error().message;
}

TEST(NotifySocket, SendsToAPath) { expect_delivery(path()); }

TEST(NotifySocket, SendsToAnAbstractName) { expect_delivery('@' + name()); }

TEST(NotifySocket, FindsAManagerThatBeganAnew) {
  const auto socket = NotifySocket::open(path());
  ASSERT_TRUE(socket);
  EXPECT_EQ(socket->send("READY=1").value(), ENOENT);
  for (int i = 0; i < 2; ++i) {
    const Receiver receiver(path());
    EXPECT_FALSE(socket->send("READY=1"));
    EXPECT_EQ(receiver.next(), "READY=1");
  }
}

TEST(NotifySocket, NamesAnAddressThatIsNone) {
  EXPECT_EQ(fault_of("vsock:2:1"),
            "NOTIFY_SOCKET is \"vsock:2:1\": neither a path nor an abstract name (\"@...\")");
  const std::string words = "a name has 1 to 106 characters after the first";
  EXPECT_EQ(fault_of("@"), "NOTIFY_SOCKET is \"@\": " + words);
  const std::string longest = '/' + std::string(106, 'x');
  EXPECT_EQ(fault_of(longest), "none");
  EXPECT_EQ(fault_of(longest + 'x'), "NOTIFY_SOCKET is \"" + longest + "x\": " + words);
}

}  // namespace
}  // namespace spillway::testing
