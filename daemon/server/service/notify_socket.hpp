// The way to the service manager (the protocol of sd_notify(3)).
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <sys/socket.h>
#include <sys/un.h>

#include <string>
#include <string_view>
#include <utility>

namespace spillway::server::service {

struct NotifyError {
  /// In words, naming the address.
  std::string message;
};

/// Sends datagrams to the manager's socket, wherever that is by then: it may be made anew while the
/// process lives.
class NotifySocket {
 public:
  /// `address` as NOTIFY_SOCKET has it: a path, or "@" and an abstract name.
  static boost::system::result<NotifySocket, NotifyError> open(std::string_view address);
  NotifySocket(NotifySocket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        address_(other.address_),
        length_(other.length_) {}
  NotifySocket& operator=(NotifySocket&&) = delete;
  ~NotifySocket();

  /// One message: lines of NAME=VALUE. Waits for a manager that is behind, a second at most.
  [[nodiscard]] boost::system::error_code send(std::string_view message) const;

 private:
  NotifySocket(int descriptor, const sockaddr_un& address, socklen_t length)
      : descriptor_(descriptor), address_(address), length_(length) {}

  int descriptor_;
  sockaddr_un address_;
  socklen_t length_;
};

[[noreturn]] void throw_exception_from_error(const NotifyError& error,
                                             const boost::source_location& where);

}  // namespace spillway::server::service
