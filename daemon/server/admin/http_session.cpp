#include "daemon/server/admin/http_session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <string>
#include <utility>

namespace spillway::server::admin {

using boost::system::error_code;

HttpSession::HttpSession(Socket socket, HttpHandler& handler, const HttpLimits& limits)
    : stream_(std::move(socket)),
      handler_(handler),
      limits_(limits),
      buffer_(limits.head + limits.body) {}

void HttpSession::close() { stream_.close(); }

// For the first byte of a request, unless it came together with the one before.
void HttpSession::wait() {
  waiting_since_ = std::chrono::steady_clock::now();
  if (buffer_.size() > 0) return read();
  stream_.expires_after(limits_.idle);
  stream_.async_read_some(buffer_.prepare(1024),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            if (error) return self->close();
                            self->buffer_.commit(bytes);
                            self->read();
                          });
}

// One time limit for the whole of it, however slowly its bytes come.
void HttpSession::read() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(limits_.head));
  parser_->body_limit(limits_.body);
  stream_.expires_after(limits_.request);
  http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](const error_code& error, std::size_t) { self->on_read(error); });
}

void HttpSession::on_read(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return refuse(http::status::request_header_fields_too_large, "the request is too long");
  }
  if (error == http::error::body_limit) {
    return refuse(http::status::payload_too_large, "no request here needs such a body");
  }
  if (error && error.category() == http::make_error_code(http::error::end_of_stream).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message) {
    return refuse(http::status::bad_request, "this is no HTTP request: " + error.message());
  }
  if (error) return close();
  waiting_since_.reset();
  handler_.handle(parser_->get(), [self = shared_from_this()](Response response) {
    const Request& request = self->parser_->get();
    response.version(request.version());
    response.keep_alive(request.keep_alive());
    response.content_length(response.body().size());
    // It has the length of what a GET would get.
    if (request.method() == http::verb::head) response.body().clear();
    self->write(std::move(response));
  });
}

// What is wrong with a request leaves no way to tell where the next one begins.
void HttpSession::refuse(http::status status, std::string_view words) {
  Response response(status, 11);
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.body() = std::string(words) + '\n';
  response.keep_alive(false);
  response.prepare_payload();
  write(std::move(response));
}

void HttpSession::write(Response response) {
  response_ = std::move(response);
  waiting_since_ = std::chrono::steady_clock::now();
  stream_.expires_after(limits_.response);
  http::async_write(stream_, *response_,
                    [self = shared_from_this()](const error_code& error, std::size_t) {
                      const bool stays = !error && self->response_->keep_alive();
                      self->response_.reset();
                      if (stays) return self->wait();
                      if (error) return self->close();
                      self->end();
                    });
}

// A socket that is closed while it holds unread bytes resets the connection, and a reset can
// overtake the answer: so what the client still sends is taken and thrown away until it has ended
// too (RFC 9112, 9.6).
void HttpSession::end() {
  error_code error;
  stream_.socket().shutdown(Socket::shutdown_send, error);
  if (error) return close();
  waiting_since_ = std::chrono::steady_clock::now();
  stream_.expires_after(limits_.request);
  buffer_.clear();
  discard(limits_.discarded);
}

void HttpSession::discard(std::size_t at_most) {
  stream_.async_read_some(
      buffer_.prepare(buffer_.max_size()),
      [self = shared_from_this(), at_most](const error_code& error, std::size_t bytes) {
        if (error || bytes >= at_most) return self->close();
        self->discard(at_most - bytes);
      });
}

}  // namespace spillway::server::admin
