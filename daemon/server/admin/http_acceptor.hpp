// A listening socket of the admin address.
#pragma once

#include "daemon/server/admin/http.hpp"

#include <spillway/endpoint.hpp>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <string>

namespace spillway::server::admin {

struct AdminError {
  /// In words, naming the address.
  std::string message;
};

/// Bound and listening. A unix path that it made goes with it.
class HttpAcceptor {
 public:
  using Socket = asio::basic_socket_acceptor<Protocol, Executor>;

  /// Takes over a unix path that a dead process left behind. A path is for its owner, and as far as
  /// the umask lets it for the group, but for nobody else. REQUIRES: a literal address,
  /// `localhost`, or a path.
  static boost::system::result<HttpAcceptor, AdminError> open(asio::io_context& control,
                                                              const Endpoint& endpoint);
  ~HttpAcceptor();
  HttpAcceptor(HttpAcceptor&&) = default;
  HttpAcceptor& operator=(HttpAcceptor&&) = delete;

  [[nodiscard]] Socket& socket() { return socket_; }
  /// The one that it really has.
  [[nodiscard]] const Endpoint& address() const { return address_; }

 private:
  HttpAcceptor(Socket socket, Endpoint address)
      : socket_(std::move(socket)), address_(std::move(address)) {}

  Socket socket_;
  Endpoint address_;
};

/// The socket address of a literal address, `localhost` (127.0.0.1) or a path; of anything else an
/// error.
Protocol::endpoint to_socket_address(const Endpoint& endpoint, boost::system::error_code& error);

[[noreturn]] void throw_exception_from_error(const AdminError& error,
                                             const boost::source_location& where);

}  // namespace spillway::server::admin
