#include "daemon/server/admin/http_server.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <utility>

namespace spillway::server::admin {

using boost::system::error_code;

namespace {

// When there is no descriptor to accept with.
constexpr std::chrono::milliseconds pause{100};

}  // namespace

HttpServer::HttpServer(asio::io_context& control, HttpAcceptor acceptor, HttpHandler& handler,
                       HttpLimits limits)
    : acceptor_(std::move(acceptor)), pause_(control), handler_(handler), limits_(limits) {}

void HttpServer::accept() {
  acceptor_.socket().async_accept([this](const error_code& error, Socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      on_accepted(std::move(socket));
      return accept();
    }
    pause_.expires_after(pause);
    pause_.async_wait([this](const error_code& aborted) {
      if (!aborted) accept();
    });
  });
}

void HttpServer::on_accepted(Socket socket) {
  std::erase_if(clients_, [](const auto& client) { return client.expired(); });
  if (clients_.size() >= limits_.clients && !make_room()) return;
  const auto client = std::make_shared<HttpSession>(std::move(socket), handler_, limits_);
  clients_.push_back(client);
  client->start();
}

// Closed, it lives on until its operations have called back: so it is struck off here.
bool HttpServer::make_room() {
  std::shared_ptr<HttpSession> longest;
  std::size_t place = 0;
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    auto client = clients_[i].lock();
    if (!client || !client->waiting_since()) continue;
    if (longest && *longest->waiting_since() <= *client->waiting_since()) continue;
    longest = std::move(client);
    place = i;
  }
  if (!longest) return false;
  longest->close();
  clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(place));
  return true;
}

}  // namespace spillway::server::admin
