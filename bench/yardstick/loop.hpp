// One thread's share of the relay: accepts, connects to the upstream, passes bytes on.
#pragma once

#include "bench/yardstick/tls.hpp"

#include <netinet/in.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace yardstick {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

/// What the kernel did not take.
struct Backlog {
  std::unique_ptr<char[]> bytes;
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Relay;

/// One of a relay's two connections.
struct Side {
  Relay& relay;
  Side& other;
  Descriptor socket{};
  Backlog backlog{};     ///< is still to be sent here
  bool unread = false;   ///< something came while the other side was full
  bool hung_up = false;  ///< the end, or a reset, is behind what can be read
  bool ended = false;    ///< nothing more comes from here

  bool is_tls() const;
};

/// Belongs to the loop that its sockets are registered with, in the end to `over_`.
struct Relay {
  Side client{*this, upstream};
  Side upstream{*this, client};
  SslPtr ssl{};
  bool over = false;
};

inline bool Side::is_tls() const { return relay.ssl && this == &relay.client; }

class Loop {
 public:
  /// Without a context: plain TCP. Throws std::system_error.
  Loop(const sockaddr_in& listen, const sockaddr_in& upstream, SSL_CTX* context);
  [[noreturn]] void run();

 private:
  void accept();
  void watch(Side& side, int operation);
  void handle(Side& side, std::uint32_t events);
  void pump(Side& from);
  void flush(Side& to);
  void keep(Side& to, Bytes rest);
  void end(Side& from);
  void send_end(Side& to);
  void abort(Relay& relay);
  void finish(Relay& relay);

  // False: the relay is over, or ended in this direction.
  bool dial(Relay& relay);
  bool pass_on(Side& from, Bytes received);
  bool pass_on_opened(Relay& relay, Bytes received);
  bool send(Side& to, Bytes bytes);

  sockaddr_in upstream_;
  Descriptor listener_;
  Descriptor epoll_;
  std::unique_ptr<Tls> tls_;
  std::unique_ptr<char[]> received_;
  std::vector<std::unique_ptr<Relay>> over_;
};

}  // namespace yardstick
