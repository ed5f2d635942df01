#include "daemon/server/admin/admin_handler.hpp"

#include "tests/daemon/server/admin/fake_loop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spillway::testing {
namespace {

namespace http = boost::beast::http;
using server::Overview;
using server::admin::AdminHandler;
using server::admin::Request;
using server::admin::Response;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class AdminHandlerTest : public ::testing::Test {
 protected:
  Response ask(http::verb method, std::string_view target) {
    Request request(method, {target.data(), target.size()}, 11);
    request.set(http::field::host, "127.0.0.1:9464");
    return ask(request);
  }
  Response get(std::string_view target) { return ask(http::verb::get, target); }
  Response ask(const Request& request) {
    Response answer(http::status::unknown, 11);
    int answers = 0;
    handler.handle(request, [&](Response response) {
      answer = std::move(response);
      ++answers;
    });
    control.restart();
    control.run();
    EXPECT_EQ(answers, 1);
    return answer;
  }

  Overview overview;
  boost::asio::io_context control;
  FakeLoop loops[2];
  AdminHandler handler{
      control, {&loops[0], &loops[1]}, [this] { return overview; }, std::chrono::milliseconds(1)};
};

TEST_F(AdminHandlerTest, IsHealthyWhileEachLoopAnswers) {
  EXPECT_EQ(get("/healthz").result(), http::status::ok);
  loops[1].stuck = true;
  const Response answer = get("/healthz");
  EXPECT_EQ(answer.result(), http::status::service_unavailable);
  EXPECT_EQ(answer.body(), "event loop 1 does not answer\n");
}

TEST_F(AdminHandlerTest, IsReadyUntilItDrains) {
  EXPECT_EQ(get("/readyz").body(), "ready\n");
  overview.draining = true;
  EXPECT_EQ(get("/readyz").result(), http::status::service_unavailable);
  EXPECT_EQ(get("/readyz").body(), "draining\n");
  EXPECT_EQ(get("/healthz").result(), http::status::ok);
}

TEST_F(AdminHandlerTest, AnswersWithoutTheLoopsThatAreStuck) {
  loops[0].stuck = loops[1].stuck = true;
  for (const char* path : {"/metrics", "/status", "/connections", "/readyz"}) {
    EXPECT_EQ(get(path).result(), http::status::service_unavailable) << path;
    EXPECT_EQ(get(path).body(), "event loops 0, 1 do not answer\n") << path;
  }
  EXPECT_EQ(get("/").result(), http::status::ok);
}

TEST_F(AdminHandlerTest, NamesThePathsThatThereAre) {
  const Response answer = get("/metric");
  EXPECT_EQ(answer.result(), http::status::not_found);
  for (const char* path : {"/healthz", "/readyz", "/metrics", "/status", "/connections"}) {
    EXPECT_THAT(answer.body(), HasSubstr(path));
    EXPECT_EQ(get(path).result(), http::status::ok) << path;
  }
}

TEST_F(AdminHandlerTest, RefusesOtherMethods) {
  for (const auto method : {http::verb::post, http::verb::put, http::verb::delete_,
                            http::verb::connect, http::verb::options, http::verb::unknown}) {
    const Response answer = ask(method, "/status");
    EXPECT_EQ(answer.result(), http::status::method_not_allowed);
    EXPECT_EQ(answer[http::field::allow], "GET, HEAD");
  }
  EXPECT_EQ(ask(http::verb::head, "/status").result(), http::status::ok);
  EXPECT_EQ(get("/connections/1")[http::field::allow], "DELETE");
}

TEST_F(AdminHandlerTest, EndsTheConnectionOnTheLoopThatHasIt) {
  loops[1].ids = {17};
  EXPECT_EQ(ask(http::verb::delete_, "/connections/17").result(), http::status::ok);
  EXPECT_EQ(ask(http::verb::delete_, "/connections/17").result(), http::status::not_found);
  for (const char* path : {"/connections/", "/connections/-1", "/connections/1/2",
                           "/connections/99999999999999999999999"}) {
    EXPECT_EQ(ask(http::verb::delete_, path).result(), http::status::bad_request) << path;
  }
  loops[0].stuck = true;
  EXPECT_EQ(ask(http::verb::delete_, "/connections/17").result(),
            http::status::service_unavailable);
  loops[1].ids = {18};
  EXPECT_EQ(ask(http::verb::delete_, "/connections/18").result(), http::status::ok);
}

TEST_F(AdminHandlerTest, PassesOnWhichConnectionsAreWanted) {
  get("/connections?route=feed&slow=true&limit=7");
  EXPECT_EQ(loops[0].asked_for.route, "feed");
  EXPECT_TRUE(loops[0].asked_for.slow_only);
  EXPECT_EQ(loops[1].asked_for.most, 7U);
  get("/connections?slow=false");
  EXPECT_FALSE(loops[0].asked_for.slow_only);
  EXPECT_EQ(loops[0].asked_for.route, "");
}

TEST_F(AdminHandlerTest, SaysWhatAQueryMayHave) {
  for (const char* query :
       {"limit=0", "limit=10001", "limit=", "limit=ten", "slow=yes", "slow", "rout=a", "=", "&&"}) {
    const Response answer = get(std::string("/connections?") + query);
    EXPECT_EQ(answer.result(), http::status::bad_request) << query;
  }
  EXPECT_THAT(get("/connections?rout=a").body(), HasSubstr("route, slow and limit"));
}

TEST_F(AdminHandlerTest, RefusesWebPagesOfOthers) {
  loops[0].ids = {17};
  Request request(http::verb::delete_, "/connections/17", 11);
  request.set(http::field::host, "rebound.example:9464");
  EXPECT_EQ(ask(request).result(), http::status::forbidden);
  request.set(http::field::host, "127.0.0.1:9464");
  request.set(http::field::origin, "http://evil.example");
  EXPECT_EQ(ask(request).result(), http::status::forbidden);
  EXPECT_EQ(loops[0].ids.size(), 1U);
  request.erase(http::field::origin);
  EXPECT_EQ(ask(request).result(), http::status::ok);
}

TEST_F(AdminHandlerTest, ThePageNeedsNothingFromElsewhere) {
  const Response page = get("/");
  EXPECT_THAT(std::string(page["Content-Security-Policy"]), StartsWith("default-src 'none'"));
  for (const char* path : {"/", "/page.css", "/page.js"}) {
    const std::string text = get(path).body();
    EXPECT_GT(text.size(), 500U) << path;
    EXPECT_EQ(text.find("https://"), std::string::npos) << path;
    EXPECT_EQ(text.find("innerHTML"), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace spillway::testing
