// What the parts of the admin server call a request and its answer.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>

namespace spillway::server::admin {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

/// TCP and unix sockets alike.
using Protocol = asio::generic::stream_protocol;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<Protocol, Executor>;
using Stream = beast::basic_stream<Protocol, Executor>;

/// Answers requests, each once, at once or later.
class HttpHandler {
 public:
  using Reply = std::function<void(Response)>;

  virtual void handle(const Request& request, Reply reply) = 0;

 protected:
  ~HttpHandler() = default;
};

}  // namespace spillway::server::admin
