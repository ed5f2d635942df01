// Real sockets on loopback, and a loop that is driven without waiting blindly.
#pragma once

#include "transport/descriptor.hpp"
#include "transport/poller.hpp"
#include "transport/socket.hpp"
#include "transport/system_address.hpp"

#include <spillway/bytes.hpp>
#include <spillway/event_loop.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::testing {

inline constexpr int patience_ms = 20'000;

/// Turns the loop, sleeping only until the poller has something, until `condition` holds.
template <typename Condition>
void run_until(EventLoop& loop, Condition condition) {
  for (int turns = 0; turns < 100'000; ++turns) {
    if (condition()) return;
    if (loop.poll()) continue;
    pollfd ready{loop.poller().descriptor(), POLLIN, 0};
    if (::poll(&ready, 1, patience_ms) != 1) break;
  }
  ADD_FAILURE() << "the loop went quiet before the condition held";
}

/// Turns the loop until it has nothing more to do. REQUIRES: it comes to rest.
inline void settle(EventLoop& loop) {
  for (int turns = 0; turns < 1'000; ++turns) {
    if (!loop.poll()) return;
  }
  ADD_FAILURE() << "the loop does not come to rest";
}

inline void set_option(const Descriptor& socket, int level, int name, int value) {
  ASSERT_EQ(::setsockopt(socket.get(), level, name, &value, sizeof(value)), 0);
}

inline int get_option(const Descriptor& socket, int level, int name) {
  int value = -1;
  socklen_t size = sizeof(value);
  EXPECT_EQ(::getsockopt(socket.get(), level, name, &value, &size), 0);
  return value;
}

inline void make_blocking(const Descriptor& socket) {
  ASSERT_EQ(::fcntl(socket.get(), F_SETFL, 0), 0);
  const timeval patience{patience_ms / 1000, 0};
  ASSERT_EQ(::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
}

/// Bound to a free port of 127.0.0.1. Nobody else gets the port, and connecting to it is refused.
inline Descriptor bound_socket() {
  Descriptor socket = open_socket(Address::Family::ipv4).value();
  const Address any_port = *literal_address({"127.0.0.1", 0});
  EXPECT_EQ(::bind(socket.get(), system_form(any_port), system_size(any_port)), 0);
  return socket;
}

/// The far end of a connection: a plain blocking socket.
class Peer {
 public:
  explicit Peer(Descriptor socket) : socket_(std::move(socket)) { make_blocking(socket_); }

  static Peer connect(const Address& address) {
    Descriptor socket(::socket(system_family(address.family()), SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::connect(socket.get(), system_form(address), system_size(address)), 0);
    return Peer(std::move(socket));
  }

  void send(std::string_view text) const {
    ASSERT_EQ(::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  /// The next `size` bytes.
  std::string read(std::size_t size) const {
    std::string all(size, '\0');
    EXPECT_EQ(::recv(socket_.get(), all.data(), size, MSG_WAITALL), static_cast<ssize_t>(size));
    return all;
  }

  /// What comes until the end or an error; `ended_with` is then 0 or the error.
  std::string read_to_end() {
    std::string all;
    std::array<char, 16 * 1024> room{};
    for (;;) {
      const ssize_t got = ::recv(socket_.get(), room.data(), room.size(), 0);
      ended_with = got < 0 ? errno : 0;
      if (got <= 0) return all;
      all.append(room.data(), static_cast<std::size_t>(got));
    }
  }

  void shutdown_send() const { ::shutdown(socket_.get(), SHUT_WR); }
  void close() { socket_.reset(); }
  void reset() {
    const linger immediately{1, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &immediately, sizeof(immediately));
    socket_.reset();
  }
  [[nodiscard]] const Descriptor& socket() const { return socket_; }

  int ended_with = -1;

 private:
  Descriptor socket_;
};

/// A listener that is never accepted from and whose backlog is full: a connect to it hangs.
class BlackHole {
 public:
  BlackHole() : socket_(bound_socket()) {
    EXPECT_EQ(::listen(socket_.get(), 0), 0);
    for (int i = 0; i < 2; ++i) {
      fillers_.push_back(open_socket(Address::Family::ipv4).value());
      const Address target = address();
      ::connect(fillers_.back().get(), system_form(target), system_size(target));
    }
  }
  [[nodiscard]] Address address() const { return bound_address(socket_); }

 private:
  Descriptor socket_;
  std::vector<Descriptor> fillers_;
};

/// A fresh folder, removed with what is in it.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = std::filesystem::temp_directory_path() / "spillway-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] std::string file(std::string_view name) const {
    return path_ + '/' + std::string(name);
  }

 private:
  std::string path_;
};

}  // namespace spillway::testing
