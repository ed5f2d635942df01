#include "daemon/server/admin/http_client.hpp"

#include "daemon/server/admin/http.hpp"
#include "daemon/server/admin/http_acceptor.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <stdexcept>
#include <variant>

namespace spillway::server::admin {

using boost::system::error_code;

namespace {

// Thousands of routes fit.
constexpr std::uint64_t largest_answer = 64 * 1024 * 1024;

/// One request and its answer, as callbacks in a row.
class Exchange {
 public:
  Exchange(asio::io_context& context, std::string_view path, std::chrono::milliseconds patience)
      : stream_(context), request_(http::verb::get, {path.data(), path.size()}, 11) {
    // A name would be refused, as it could be a web page's trick.
    request_.set(http::field::host, "localhost");
    request_.set(http::field::user_agent, "spillway status");
    request_.keep_alive(false);
    parser_.body_limit(largest_answer);
    stream_.expires_after(patience);
  }

  void start(const Protocol::endpoint& server) {
    stream_.async_connect(server, [this](const error_code& error) {
      if (goes_on(error)) send();
    });
  }
  [[nodiscard]] const error_code& error() const { return error_; }
  [[nodiscard]] HttpAnswer answer() {
    return {.status = parser_.get().result_int(), .body = std::move(parser_.get().body())};
  }

 private:
  void send() {
    http::async_write(stream_, request_, [this](const error_code& error, std::size_t) {
      if (goes_on(error)) receive();
    });
  }
  void receive() {
    http::async_read(stream_, buffer_, parser_,
                     [this](const error_code& error, std::size_t) { goes_on(error); });
  }
  bool goes_on(const error_code& error) {
    error_ = error;
    return !error;
  }

  Stream stream_;
  http::request<http::empty_body> request_;
  http::response_parser<http::string_body> parser_;
  beast::flat_buffer buffer_;
  error_code error_;
};

Protocol::endpoint resolve(asio::io_context& context, const Endpoint& server, error_code& error) {
  Protocol::endpoint address = to_socket_address(server, error);
  const auto* name = std::get_if<HostPort>(&server);
  if (!error || name == nullptr) return address;
  asio::ip::tcp::resolver resolver(context);
  const auto found = resolver.resolve(name->host, std::to_string(name->port), error);
  return error ? address : Protocol::endpoint(found.begin()->endpoint());
}

HttpFailure failure(const Endpoint& server, const error_code& error) {
  const bool too_slow = error == beast::error::timeout;
  return {"no answer from the admin address " + to_string(server) + ": " +
          (too_slow ? "it takes too long"
                    : error.message() + " (is the daemon running, and has its configuration an "
                                        "`admin.listen`?)")};
}

}  // namespace

boost::system::result<HttpAnswer, HttpFailure> http_get(const Endpoint& server,
                                                        std::string_view path,
                                                        std::chrono::milliseconds patience) {
  asio::io_context context;
  error_code error;
  const Protocol::endpoint address = resolve(context, server, error);
  if (error) return failure(server, error);
  Exchange exchange(context, path, patience);
  exchange.start(address);
  context.run();
  if (exchange.error()) return failure(server, exchange.error());
  return exchange.answer();
}

void throw_exception_from_error(const HttpFailure& failure, const boost::source_location&) {
  throw std::runtime_error(failure.message);
}

}  // namespace spillway::server::admin
