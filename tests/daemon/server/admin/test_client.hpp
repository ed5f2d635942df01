// A client of an HTTP server under test, on a thread of its own.
#pragma once

#include "daemon/server/admin/http.hpp"
#include "daemon/server/admin/http_acceptor.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>

#include <string>
#include <string_view>

namespace spillway::server::admin {

class TestClient {
 public:
  explicit TestClient(const Endpoint& server) : socket_(context_) {
    boost::system::error_code error;
    const auto address = to_socket_address(server, error);
    socket_.connect(address);
  }

  void send(std::string_view text) {
    boost::system::error_code ignored;  // the server may be gone, which what it said tells
    asio::write(socket_, asio::buffer(text.data(), text.size()), ignored);
  }
  /// Sends nothing any more; false when there is no connection to end.
  bool end() {
    boost::system::error_code error;
    socket_.shutdown(Socket::shutdown_send, error);
    return !error;
  }
  /// Sends `text` again and again until the server is gone, a million times at most.
  bool is_left_while_sending(std::string_view text) {
    boost::system::error_code error;
    for (int i = 0; i < 1'000'000 && !error; ++i) {
      asio::write(socket_, asio::buffer(text.data(), text.size()), error);
    }
    return error.failed();
  }
  /// Up to and with `end`; all there is, if the server ends before.
  std::string read_to(std::string_view end) {
    boost::system::error_code error;
    const std::size_t size =
        asio::read_until(socket_, asio::dynamic_buffer(text_), std::string(end), error);
    std::string result = text_.substr(0, error ? text_.size() : size);
    text_.erase(0, result.size());
    return result;
  }
  std::string read_to_end() {
    boost::system::error_code error;
    asio::read(socket_, asio::dynamic_buffer(text_), error);
    return std::exchange(text_, {});
  }

 private:
  asio::io_context context_;
  Socket socket_;
  std::string text_;
};

}  // namespace spillway::server::admin
