#include "daemon/server/admin/admin_server.hpp"

#include <utility>

namespace spillway::server::admin {

boost::system::result<std::unique_ptr<AdminServer>, AdminError> AdminServer::open(
    asio::io_context& control, const Endpoint& endpoint, const Loops& loops, Look look) {
  auto acceptor = HttpAcceptor::open(control, endpoint);
  if (!acceptor) return acceptor.error();
  return std::unique_ptr<AdminServer>(
      new AdminServer(control, *std::move(acceptor), loops, std::move(look)));
}

}  // namespace spillway::server::admin
