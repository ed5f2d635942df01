// Takes clients of the admin address, and not too many of them.
#pragma once

#include "daemon/server/admin/http_acceptor.hpp"
#include "daemon/server/admin/http_session.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <vector>

namespace spillway::server::admin {

/// When there are as many clients as there may be, a new one takes the place of the one that has
/// let the server wait longest: clients that never finish their requests keep nobody out.
class HttpServer {
 public:
  /// `handler` outlives the control's run.
  HttpServer(asio::io_context& control, HttpAcceptor acceptor, HttpHandler& handler,
             HttpLimits limits = {});

  void start() { accept(); }
  [[nodiscard]] const Endpoint& address() const { return acceptor_.address(); }

 private:
  void accept();
  void on_accepted(Socket socket);
  [[nodiscard]] bool make_room();

  HttpAcceptor acceptor_;
  asio::steady_timer pause_;
  HttpHandler& handler_;
  HttpLimits limits_;
  std::vector<std::weak_ptr<HttpSession>> clients_;
};

}  // namespace spillway::server::admin
