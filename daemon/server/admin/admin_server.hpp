// The admin address: how the daemon is, by HTTP.
#pragma once

#include "daemon/server/admin/admin_handler.hpp"
#include "daemon/server/admin/http_server.hpp"

#include <spillway/endpoint.hpp>

#include <boost/system/result.hpp>

#include <memory>
#include <string>

namespace spillway::server::admin {

/// Runs on the control thread, and neither it nor a loop ever waits for a client or for each other.
class AdminServer {
 public:
  /// Binds; nobody is answered before `start`. `control` outlives the server, which outlives the
  /// loops' threads.
  static boost::system::result<std::unique_ptr<AdminServer>, AdminError> open(
      asio::io_context& control, const Endpoint& endpoint, const Loops& loops, Look look);

  void start() { http_.start(); }
  /// The one that it really has.
  [[nodiscard]] std::string address() const { return to_string(http_.address()); }

 private:
  AdminServer(asio::io_context& control, HttpAcceptor acceptor, const Loops& loops, Look look)
      : handler_(control, loops, std::move(look)), http_(control, std::move(acceptor), handler_) {}

  AdminHandler handler_;
  HttpServer http_;
};

}  // namespace spillway::server::admin
