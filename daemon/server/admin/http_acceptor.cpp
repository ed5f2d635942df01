#include "daemon/server/admin/http_acceptor.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/socket_base.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <variant>

namespace spillway::server::admin {

using boost::system::error_code;

namespace {

// A socket file that nobody listens on any more.
void remove_leftover(asio::io_context& control, const Protocol::endpoint& address,
                     const std::string& path) {
  error_code error;
  if (!std::filesystem::is_socket(path, error)) return;
  Socket probe(control);
  probe.open(address.protocol(), error);
  // Whoever listens there may be stuck, with as many waiting as there may be.
  if (!error) probe.native_non_blocking(true, error);
  if (error) return;
  const auto size = static_cast<socklen_t>(address.size());
  const bool refused =
      ::connect(probe.native_handle(), address.data(), size) != 0 && errno == ECONNREFUSED;
  if (refused) ::unlink(path.c_str());
}

void keep_from_others(const std::string& path, error_code& error) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0 ||
      ::chmod(path.c_str(), file.st_mode & ~static_cast<mode_t>(S_IRWXO)) != 0) {
    error.assign(errno, boost::system::system_category());
  }
}

AdminError cannot_listen(const Endpoint& endpoint, const error_code& error) {
  return {"admin: cannot listen on " + to_string(endpoint) + ": " + error.message()};
}

Endpoint with_port(const Endpoint& endpoint, HttpAcceptor::Socket& socket) {
  const auto* address = std::get_if<HostPort>(&endpoint);
  if (address == nullptr) return endpoint;
  // What the generic protocol has is what TCP has.
  asio::ip::tcp::endpoint bound;
  const auto local = socket.local_endpoint();
  bound.resize(local.size());
  std::copy_n(static_cast<const char*>(static_cast<const void*>(local.data())), local.size(),
              static_cast<char*>(static_cast<void*>(bound.data())));
  return HostPort{bound.address().to_string(), bound.port()};
}

}  // namespace

Protocol::endpoint to_socket_address(const Endpoint& endpoint, error_code& error) {
  error.clear();
  if (const auto* local = std::get_if<UnixPath>(&endpoint)) {
    return asio::local::stream_protocol::endpoint(local->path);
  }
  const auto& [host, port] = std::get<HostPort>(endpoint);
  const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
  return asio::ip::tcp::endpoint(address, port);
}

boost::system::result<HttpAcceptor, AdminError> HttpAcceptor::open(asio::io_context& control,
                                                                   const Endpoint& endpoint) {
  error_code error;
  const Protocol::endpoint address = to_socket_address(endpoint, error);
  if (error) return cannot_listen(endpoint, error);
  const auto* path = std::get_if<UnixPath>(&endpoint);
  if (path != nullptr) remove_leftover(control, address, path->path);

  Socket socket(control);
  socket.open(address.protocol(), error);
  if (!error && path == nullptr) {
    socket.set_option(asio::socket_base::reuse_address(true), error);
  }
  if (!error) socket.bind(address, error);
  // Nobody can connect yet. Whoever can may end clients' connections: the umask alone is no guard.
  if (!error && path != nullptr) keep_from_others(path->path, error);
  if (!error) socket.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(endpoint, error);
  Endpoint real = with_port(endpoint, socket);
  return HttpAcceptor(std::move(socket), std::move(real));
}

HttpAcceptor::~HttpAcceptor() {
  const auto* path = std::get_if<UnixPath>(&address_);
  if (path != nullptr && socket_.is_open()) ::unlink(path->path.c_str());
}

void throw_exception_from_error(const AdminError& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

}  // namespace spillway::server::admin
