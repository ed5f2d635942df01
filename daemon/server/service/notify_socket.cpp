#include "daemon/server/service/notify_socket.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <stdexcept>

namespace spillway::server::service {

namespace {

constexpr timeval patience{.tv_sec = 1, .tv_usec = 0};

NotifyError error_of(std::string_view address, std::string_view words) {
  return {"NOTIFY_SOCKET is \"" + std::string(address) + "\": " + std::string(words)};
}

}  // namespace

boost::system::result<NotifySocket, NotifyError> NotifySocket::open(std::string_view address) {
  const bool is_abstract = address.starts_with('@');
  if (!is_abstract && !address.starts_with('/')) {
    return error_of(address, "neither a path nor an abstract name (\"@...\")");
  }
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  if (address.size() < 2 || address.size() >= sizeof where.sun_path) {
    return error_of(address, "a name has 1 to " + std::to_string(sizeof where.sun_path - 2) +
                                 " characters after the first");
  }
  std::ranges::copy(address, where.sun_path);
  if (is_abstract) where.sun_path[0] = '\0';  // and no byte after the name belongs to it
  const auto length =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size() + !is_abstract);
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    return error_of(address,
                    boost::system::error_code(errno, boost::system::system_category()).message());
  }
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  return NotifySocket(descriptor, where, length);
}

NotifySocket::~NotifySocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

boost::system::error_code NotifySocket::send(std::string_view message) const {
  ssize_t sent = 0;
  do {
    sent = ::sendto(descriptor_, message.data(), message.size(), MSG_NOSIGNAL,
                    reinterpret_cast<const sockaddr*>(&address_), length_);
  } while (sent < 0 && errno == EINTR);
  if (sent >= 0) return {};
  return {errno, boost::system::system_category()};
}

void throw_exception_from_error(const NotifyError& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

}  // namespace spillway::server::service
