#include "transport/listening_socket.hpp"

#include "transport/look_up.hpp"
#include "transport/socket.hpp"
#include "transport/system_address.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spillway {

namespace {

using boost::system::error_code;

ListenError listen_error(const Endpoint& endpoint, const error_code& error) {
  return {"cannot listen on " + to_string(endpoint) + ": " + error.message(), error};
}

/// The addresses to try, in order.
ResolveResult addresses_of(const Endpoint& endpoint) {
  if (const auto* unix_path = std::get_if<UnixPath>(&endpoint)) {
    const auto address = unix_address(*unix_path);
    if (!address) return ResolveError{address.error().message()};
    return std::vector{*address};
  }
  const auto& target = std::get<HostPort>(endpoint);
  if (const auto literal = literal_address(target)) return std::vector{*literal};
  return look_up(target);
}

error_code switch_on(const Descriptor& socket, int level, int option) {
  const int on = 1;
  if (::setsockopt(socket.get(), level, option, &on, sizeof(on)) != 0) return last_error();
  return {};
}

error_code prepare(const Descriptor& socket, Address::Family family,
                   const ListenerOptions& options) {
  apply(options.socket, socket, family);
  if (family == Address::Family::unix_domain) return {};
  error_code error = switch_on(socket, SOL_SOCKET, SO_REUSEADDR);
  if (!error && options.reuse_port) error = switch_on(socket, SOL_SOCKET, SO_REUSEPORT);
  // So that [::] and 0.0.0.0 can stand side by side, whatever the system's default is.
  if (!error && family == Address::Family::ipv6) {
    error = switch_on(socket, IPPROTO_IPV6, IPV6_V6ONLY);
  }
  return error;
}

error_code bind_to(const Descriptor& socket, const Address& address) {
  if (::bind(socket.get(), system_form(address), system_size(address)) != 0) return last_error();
  return {};
}

error_code bind_path(const Descriptor& socket, const Address& address, const std::string& path) {
  const error_code error = bind_to(socket, address);
  if (error.value() != EADDRINUSE) return error;
  if (const error_code live = SocketFile::remove_stale(path)) return live;
  return bind_to(socket, address);
}

enum class Purpose { listen, check };

boost::system::result<std::unique_ptr<ListeningSocket::Impl>, ListenError> bind(
    const Endpoint& endpoint, const ListenerOptions& options, Purpose purpose) {
  const ResolveResult addresses = addresses_of(endpoint);
  if (!addresses) {
    return ListenError{"cannot listen on " + to_string(endpoint) + ": " + addresses.error().message,
                       {EADDRNOTAVAIL, boost::system::system_category()}};
  }
  const auto* unix_path = std::get_if<UnixPath>(&endpoint);
  error_code first_error;
  for (const Address& address : *addresses) {
    auto socket = open_socket(address.family());
    error_code error = socket ? prepare(*socket, address.family(), options) : socket.error();
    if (!error) {
      error = unix_path != nullptr ? bind_path(*socket, address, unix_path->path)
                                   : bind_to(*socket, address);
    }
    std::optional<SocketFile> file;
    if (!error && unix_path != nullptr) file.emplace(unix_path->path);
    const bool listens = !error && purpose == Purpose::listen;
    if (listens && ::listen(socket->get(), options.backlog) != 0) error = last_error();
    if (!error) {
      return std::make_unique<ListeningSocket::Impl>(
          std::move(*socket), ListeningSocket::Impl::Queue::own, std::move(file));
    }
    if (!first_error) first_error = error;
  }
  return listen_error(endpoint, first_error);
}

bool has_option(const Descriptor& socket, int option, int wanted) {
  int value = 0;
  socklen_t size = sizeof(value);
  return ::getsockopt(socket.get(), SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

}  // namespace

ListeningSocket::Impl::Impl(Descriptor socket, Queue queue, std::optional<SocketFile> file)
    : socket_(std::move(socket)),
      address_(bound_address(socket_)),
      queue_(queue),
      file_(std::move(file)) {}

void ListeningSocket::Impl::close() {
  // The file first: nobody may find a path that nobody listens on.
  file_.reset();
  socket_.reset();
}

boost::system::result<ListeningSocket, ListenError> ListeningSocket::open(
    const Endpoint& endpoint, const ListenerOptions& options) {
  auto bound = bind(endpoint, options, Purpose::listen);
  if (!bound) return bound.error();
  return ListeningSocket(*std::move(bound));
}

boost::system::result<ListeningSocket, ListenError> ListeningSocket::share(int descriptor) {
  const auto refuse = [descriptor](const std::string& words, const error_code& error) {
    return ListenError{"descriptor " + std::to_string(descriptor) + ' ' + words, error};
  };
  const auto refuse_because = [&refuse](const std::string& words, const error_code& error) {
    return refuse(words + ": " + error.message(), error);
  };
  static constexpr std::array domains{AF_INET, AF_INET6, AF_UNIX};
  Descriptor socket(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
  if (!socket) return refuse_because("cannot be shared", last_error());
  if (!has_option(socket, SO_TYPE, SOCK_STREAM) || !has_option(socket, SO_ACCEPTCONN, 1)) {
    return refuse("is no stream socket that listens", {EINVAL, boost::system::system_category()});
  }
  if (std::ranges::none_of(
          domains, [&socket](int domain) { return has_option(socket, SO_DOMAIN, domain); })) {
    return refuse("is neither an internet nor a unix socket",
                  {EAFNOSUPPORT, boost::system::system_category()});
  }
  const int flags = ::fcntl(socket.get(), F_GETFL);
  if (flags < 0 || ::fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK) != 0) {
    return refuse_because("cannot be made non-blocking", last_error());
  }
  return ListeningSocket(std::make_unique<Impl>(std::move(socket), Impl::Queue::shared));
}

boost::system::result<void, ListenError> ListeningSocket::check_free(const Endpoint& endpoint) {
  const auto bound = bind(endpoint, {}, Purpose::check);
  if (!bound) return bound.error();
  return {};
}

ListeningSocket::ListeningSocket(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ListeningSocket::~ListeningSocket() = default;
ListeningSocket::ListeningSocket(ListeningSocket&&) noexcept = default;
ListeningSocket& ListeningSocket::operator=(ListeningSocket&&) noexcept = default;

bool ListeningSocket::is_shared() const { return impl_->queue() == Impl::Queue::shared; }
std::string ListeningSocket::local_address() const { return impl_->address().to_string(); }
std::uint16_t ListeningSocket::port() const { return port_of(impl_->address()); }

}  // namespace spillway
