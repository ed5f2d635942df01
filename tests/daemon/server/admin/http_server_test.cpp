#include "daemon/server/admin/http_server.hpp"

#include "tests/daemon/server/admin/test_client.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace spillway::server::admin {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using namespace std::chrono_literals;

/// Says what it was asked, or keeps who asks for "/later" waiting.
class Parrot final : public HttpHandler {
 public:
  void handle(const Request& request, Reply reply) override {
    Response response(http::status::ok, 11);
    response.body() = "asked for " + std::string(request.target()) + "\n";
    if (request.target() == "/later") {
      later.emplace_back([reply = std::move(reply), response] { reply(response); });
      asked_for_later.set_value();
    } else if (request.target() == "/large") {
      response.body().assign(64 << 20, 'a');
      reply(std::move(response));
    } else {
      reply(std::move(response));
    }
  }
  std::vector<std::function<void()>> later;
  std::promise<void> asked_for_later;
};

class HttpServerTest : public ::testing::Test {
 protected:
  ~HttpServerTest() override {
    if (!thread_.joinable()) return;
    control_.stop();
    thread_.join();
  }
  void start(HttpLimits limits = {}) {
    auto acceptor = HttpAcceptor::open(control_, HostPort{"127.0.0.1", 0});
    server_.emplace(control_, *std::move(acceptor), parrot_, limits);
    server_->start();
    thread_ = std::thread([this] { control_.run(); });
  }
  TestClient connect() { return TestClient(server_->address()); }
  void wait_for_later() { parrot_.asked_for_later.get_future().wait(); }
  void answer_later() {
    asio::post(control_, [this] {
      for (const auto& each : std::exchange(parrot_.later, {})) each();
    });
  }
  std::string ask(const std::string& request) {
    TestClient client = connect();
    client.send(request);
    return client.read_to_end();
  }

 private:
  asio::io_context control_;
  Parrot parrot_;
  std::optional<HttpServer> server_;
  std::thread thread_;
};

TEST_F(HttpServerTest, AnswersOneRequestAfterTheOther) {
  start();
  TestClient client = connect();
  client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_to("asked for /a\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
  client.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\nGET /c HTTP/1.1\r\nHost: x\r\n\r\n");
  client.read_to("asked for /b\n");
  EXPECT_THAT(client.read_to("asked for /c\n"), EndsWith("asked for /c\n"));
  client.send("GET /d HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read_to_end(), EndsWith("asked for /d\n"));
}

TEST_F(HttpServerTest, AnswersAHeadWithoutTheBody) {
  start();
  const std::string answer = ask("HEAD /a HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 13\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(HttpServerTest, EndsWithAClientOfTheOldProtocol) {
  start();
  EXPECT_THAT(ask("GET /old HTTP/1.0\r\n\r\n"), EndsWith("asked for /old\n"));
}

TEST_F(HttpServerTest, BoundsARequestsHead) {
  start({.head = 1000, .body = 100});
  EXPECT_THAT(ask("GET /" + std::string(2000, 'a') + " HTTP/1.1\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nX: " + std::string(2000, 'a') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
}

TEST_F(HttpServerTest, BoundsARequestsBody) {
  start({.body = 100});
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nContent-Length: 101\r\n\r\n"), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" +
                  std::string(255, 'a') + "\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
}

TEST_F(HttpServerTest, SaysThatItIsNoHttp) {
  start();
  EXPECT_THAT(ask("hello\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask(std::string("\x16\x03\x01\x02\0\x01", 6) + "\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST_F(HttpServerTest, AnAnswerReachesAClientThatHasSentTooMuch) {
  start({.head = 1000, .body = 100});
  TestClient client = connect();
  client.send("GET /" + std::string(100'000, 'a'));
  EXPECT_THAT(client.read_to_end(), EndsWith("the request is too long\n"));
  EXPECT_TRUE(client.end()) << "it was reset";
}

TEST_F(HttpServerTest, LeavesAClientThatNeverStopsSending) {
  start({.head = 1000, .body = 100, .discarded = 10'000});
  TestClient client = connect();
  EXPECT_TRUE(client.is_left_while_sending("GET /" + std::string(1000, 'a')));
}

TEST_F(HttpServerTest, LeavesAClientThatStaysAfterTheLastAnswer) {
  start({.request = 20ms, .discarded = SIZE_MAX});
  TestClient client = connect();
  client.send("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n");
  client.read_to_end();
  EXPECT_TRUE(client.is_left_while_sending("a"));
}

TEST_F(HttpServerTest, LeavesAClientThatNeverFinishesItsRequest) {
  start({.request = 20ms});
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nX: "), "");
}

TEST_F(HttpServerTest, LeavesAClientThatSaysNothing) {
  start({.idle = 20ms});
  EXPECT_EQ(ask(""), "");
}

TEST_F(HttpServerTest, ANewClientTakesThePlaceOfTheOneThatWaitedLongest) {
  start({.clients = 2});
  TestClient first = connect();
  first.send("GET / HTTP/1.1\r\nX: ");
  TestClient second = connect();
  second.send("GET /b HTTP/1.1\r\n\r\n");
  second.read_to("asked for /b\n");
  TestClient third = connect();
  third.send("GET /c HTTP/1.1\r\n\r\n");
  third.read_to("asked for /c\n");
  EXPECT_EQ(first.read_to_end(), "");
  second.send("GET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(second.read_to_end(), EndsWith("asked for /b\n"));
}

TEST_F(HttpServerTest, ClientsThatDoNotTakeTheirAnswersKeepNobodyOut) {
  start({.clients = 2});
  TestClient first = connect();
  TestClient second = connect();
  for (TestClient* client : {&first, &second}) {
    client->send("GET /large HTTP/1.1\r\n\r\n");
    client->read_to("\r\n\r\n");
  }
  EXPECT_THAT(ask("GET /b HTTP/1.1\r\nConnection: close\r\n\r\n"), EndsWith("asked for /b\n"));
}

TEST_F(HttpServerTest, NobodyIsLeftInTheMiddleOfAnAnswer) {
  start({.clients = 1});
  TestClient first = connect();
  first.send("GET /later HTTP/1.1\r\nConnection: close\r\n\r\n");
  wait_for_later();
  EXPECT_EQ(ask("GET /b HTTP/1.1\r\n\r\n"), "");
  answer_later();
  EXPECT_THAT(first.read_to_end(), EndsWith("asked for /later\n"));
}

TEST_F(HttpServerTest, AClientMayLeaveBeforeItsAnswer) {
  start({.clients = 1});
  {
    TestClient first = connect();
    first.send("GET /later HTTP/1.1\r\n\r\n");
    wait_for_later();
  }
  answer_later();
  std::string answer;
  for (int i = 0; i < 1000 && answer.empty(); ++i) {
    answer = ask("GET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
  }
  EXPECT_THAT(answer, EndsWith("asked for /b\n"));
}

}  // namespace
}  // namespace spillway::server::admin
