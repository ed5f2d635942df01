// What the admin address answers.
#pragma once

#include "daemon/server/admin/http.hpp"
#include "daemon/server/admin/request_target.hpp"
#include "daemon/server/admin/standing.hpp"
#include "daemon/server/admin/survey.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::server::admin {

/// Tells what the control thread knows. Called there.
using Look = std::function<Overview()>;

/// Paths and methods, and the answers to them. What needs the loops is answered when they have
/// answered, or with a 503 that names those that did not.
class AdminHandler final : public HttpHandler {
 public:
  /// How long a loop may take. It is busy for milliseconds, not for seconds.
  static constexpr std::chrono::milliseconds patience{1000};

  AdminHandler(asio::io_context& control, const Loops& loops, Look look,
               std::chrono::milliseconds loop_patience = patience);

  void handle(const Request& request, Reply reply) override;

 private:
  using Answer = void (AdminHandler::*)(const RequestTarget& target, Reply reply);
  struct Page {
    std::string_view path;
    Answer answer;
  };
  static const std::vector<Page>& pages();

  void show_page(const RequestTarget& target, Reply reply);
  void show_health(const RequestTarget& target, Reply reply);
  void show_readiness(const RequestTarget& target, Reply reply);
  void show_metrics(const RequestTarget& target, Reply reply);
  void show_status(const RequestTarget& target, Reply reply);
  void show_connections(const RequestTarget& target, Reply reply);
  void end_connection(std::string_view id, Reply reply);
  void with_standing(Reply reply, std::function<Response(const Standing&)> answer);

  Look look_;
  Survey<bool> pings_;
  Survey<LoopReport> reports_;
  Survey<observe::ConnectionList> lists_;
};

}  // namespace spillway::server::admin
