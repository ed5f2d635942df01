#include "daemon/server/admin/admin_handler.hpp"

#include "daemon/server/admin/connection_query.hpp"
#include "daemon/server/admin/connections_json.hpp"
#include "daemon/server/admin/metrics_text.hpp"
#include "daemon/server/admin/origin_check.hpp"
#include "daemon/server/admin/page.hpp"
#include "daemon/server/admin/responses.hpp"
#include "daemon/server/admin/status_json.hpp"

#include <algorithm>
#include <utility>

namespace spillway::server::admin {

namespace {

constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view one_connection = "/connections/";

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

/// Calls `answer` if every loop answered.
template <class Result, class Answer>
auto once_answered(HttpHandler::Reply reply, Answer answer) {
  return [reply = std::move(reply), answer = std::move(answer)](Result result) {
    reply(result.silent.empty() ? answer(std::move(result.answers)) : unanswered(result.silent));
  };
}

}  // namespace

AdminHandler::AdminHandler(asio::io_context& control, const Loops& loops, Look look,
                           std::chrono::milliseconds loop_patience)
    : look_(std::move(look)),
      pings_(control, loops, loop_patience),
      reports_(control, loops, loop_patience),
      lists_(control, loops, loop_patience) {}

const std::vector<AdminHandler::Page>& AdminHandler::pages() {
  static const std::vector<Page> all{{"/", &AdminHandler::show_page},
                                     {"/page.css", &AdminHandler::show_page},
                                     {"/page.js", &AdminHandler::show_page},
                                     {"/healthz", &AdminHandler::show_health},
                                     {"/readyz", &AdminHandler::show_readiness},
                                     {"/metrics", &AdminHandler::show_metrics},
                                     {"/status", &AdminHandler::show_status},
                                     {"/connections", &AdminHandler::show_connections}};
  return all;
}

void AdminHandler::handle(const Request& request, Reply reply) {
  if (auto refusal = refusal_of_origin(request)) {
    return reply(say(http::status::forbidden, *refusal));
  }
  const RequestTarget target(view(request.target()));
  if (target.path.starts_with(one_connection)) {
    if (request.method() != http::verb::delete_) return reply(refuse_method("DELETE"));
    return end_connection(target.path.substr(one_connection.size()), std::move(reply));
  }
  const auto page = std::ranges::find(pages(), target.path, &Page::path);
  if (page == pages().end()) {
    std::string words = "there is no such path; there are";
    for (const Page& each : pages()) words += ' ' + std::string(each.path);
    return reply(say(http::status::not_found, words + " and DELETE /connections/ID"));
  }
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    return reply(refuse_method("GET, HEAD"));
  }
  (this->*page->answer)(target, std::move(reply));
}

void AdminHandler::show_page(const RequestTarget& target, Reply reply) {
  const PageFile file = page_file(target.path);
  reply(respond(http::status::ok, file.type, std::string(file.text)));
}

void AdminHandler::show_health(const RequestTarget&, Reply reply) {
  pings_.ask([](WatchedLoop& loop, auto done) { loop.ping(std::move(done)); },
             once_answered<Survey<bool>::Result>(std::move(reply), [](const std::vector<bool>&) {
               return say(http::status::ok, "ok");
             }));
}

void AdminHandler::show_readiness(const RequestTarget&, Reply reply) {
  if (look_().draining) return reply(say(http::status::service_unavailable, "draining"));
  pings_.ask([](WatchedLoop& loop, auto done) { loop.ping(std::move(done)); },
             once_answered<Survey<bool>::Result>(std::move(reply), [](const std::vector<bool>&) {
               return say(http::status::ok, "ready");
             }));
}

void AdminHandler::show_metrics(const RequestTarget&, Reply reply) {
  with_standing(std::move(reply), [](const Standing& standing) {
    return respond(http::status::ok, metrics_type, metrics_text(standing));
  });
}

void AdminHandler::show_status(const RequestTarget&, Reply reply) {
  with_standing(std::move(reply), [](const Standing& standing) {
    return respond(http::status::ok, json_text, status_json(standing));
  });
}

void AdminHandler::with_standing(Reply reply, std::function<Response(const Standing&)> answer) {
  reports_.ask([](WatchedLoop& loop, auto done) { loop.report(std::move(done)); },
               once_answered<Survey<LoopReport>::Result>(
                   std::move(reply),
                   [this, answer = std::move(answer)](const std::vector<LoopReport>& reports) {
                     Standing standing;
                     for (const LoopReport& report : reports) standing.add(report);
                     standing.overview = look_();
                     standing.process = read_process_figures();
                     return answer(standing);
                   }));
}

void AdminHandler::show_connections(const RequestTarget& target, Reply reply) {
  auto query = parse_connection_query(target);
  if (!query) return reply(say(http::status::bad_request, query.error().message));
  lists_.ask(
      [&query](WatchedLoop& loop, auto done) { loop.list_connections(*query, std::move(done)); },
      once_answered<Survey<observe::ConnectionList>::Result>(
          std::move(reply), [most = query->most](std::vector<observe::ConnectionList> lists) {
            return respond(http::status::ok, json_text,
                           connections_json(merge(std::move(lists), most)));
          }));
}

// The loop that has it may answer while another one does not.
void AdminHandler::end_connection(std::string_view id, Reply reply) {
  const auto number = parse_number(id);
  if (!number) return reply(say(http::status::bad_request, "a connection's ID is a number"));
  pings_.ask(
      [&number](WatchedLoop& loop, auto done) { loop.end_connection(*number, std::move(done)); },
      [reply = std::move(reply)](const Survey<bool>::Result& result) {
        if (std::ranges::count(result.answers, true) > 0) {
          return reply(say(http::status::ok, "ended"));
        }
        if (!result.silent.empty()) return reply(unanswered(result.silent));
        reply(say(http::status::not_found, "there is no such connection"));
      });
}

}  // namespace spillway::server::admin
