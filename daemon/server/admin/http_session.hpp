// One client of the admin address.
#pragma once

#include "daemon/server/admin/http.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

namespace spillway::server::admin {

/// What one client may cost.
struct HttpLimits {
  std::size_t head = 8 * 1024;  // bytes of a request
  std::size_t body = 4 * 1024;  // nothing that is asked for here needs one
  std::chrono::milliseconds idle{std::chrono::minutes(1)};       // between two requests
  std::chrono::milliseconds request{std::chrono::seconds(5)};    // from its first byte to its last
  std::chrono::milliseconds response{std::chrono::seconds(10)};  // until the client has taken it
  std::size_t discarded = 256 * 1024;  // bytes that it sends on after the last answer
  std::size_t clients = 32;            // at a time
};

/// Reads a request, has it answered, writes the answer, and so on while the client stays. Beast
/// works on its members until each operation has called back: so those keep it alive.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `handler` and `limits` outlive the control's run.
  HttpSession(Socket socket, HttpHandler& handler, const HttpLimits& limits);

  void start() { wait(); }
  /// Since when it waits for its client: for a whole request, for the client to take the answer, or
  /// for its end. None while the answer is being found. Such a client can be left for another one.
  [[nodiscard]] std::optional<TimePoint> waiting_since() const { return waiting_since_; }
  void close();

 private:
  void wait();
  void read();
  void on_read(const boost::system::error_code& error);
  void refuse(http::status status, std::string_view words);
  void write(Response response);
  void end();
  void discard(std::size_t at_most);

  Stream stream_;
  HttpHandler& handler_;
  const HttpLimits& limits_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<Response> response_;
  std::optional<TimePoint> waiting_since_;
};

}  // namespace spillway::server::admin
