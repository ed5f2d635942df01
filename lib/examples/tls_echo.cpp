// The echo server with TLS. The session is the one of echo_server; only the way its connection is
// built differs. Try it: openssl s_client -connect ADDRESS -quiet
#include <spillway/connection.hpp>
#include <spillway/event_loop.hpp>
#include <spillway/listener.hpp>
#include <spillway/tls/self_signed.hpp>
#include <spillway/tls/tls_layer.hpp>

#include <algorithm>
#include <iostream>
#include <list>
#include <memory>
#include <string>
#include <thread>

namespace {

using namespace spillway;

class EchoServer;

class EchoSession final : public ServerEvents, public Retired {
 public:
  EchoSession(EchoServer& server, EventLoop& loop, std::unique_ptr<Transport> transport,
              const TlsServerContext& tls)
      : server_(server),
        connection_(Connection::server(loop, std::move(transport), tls_layers(tls), *this)) {}

 private:
  static Layers tls_layers(const TlsServerContext& tls) {
    Layers layers;
    layers.push_back(make_tls_server_layer(tls));
    return layers;
  }

  void on_received(Bytes data) override { (void)connection_.send(data); }
  void on_throttled() override { connection_.mute(); }
  void on_unthrottled() override { connection_.unmute(); }

  void on_end_of_stream() override { connection_.close(); }
  void on_closed(const Closed&) override { end(); }
  void on_start_failure(const Failure& failure) override {
    std::cerr << connection_.peer_address() << ": " << to_string(failure.reason) << ' '
              << failure.detail << '\n';
    end();
  }
  void end();

  EchoServer& server_;
  Connection connection_;
};

class EchoServer final : public ListenerEvents {
 public:
  EchoServer(EventLoop& loop, TlsServerContext tls) : loop_(loop), tls_(std::move(tls)) {}

  void remove(EchoSession& session) {
    const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                    [&](const auto& owned) { return owned.get() == &session; });
    loop_.retire(std::move(*found));
    sessions_.erase(found);
  }

 private:
  void on_accepted(std::unique_ptr<Transport> transport) override {
    sessions_.push_back(std::make_unique<EchoSession>(*this, loop_, std::move(transport), tls_));
  }

  EventLoop& loop_;
  TlsServerContext tls_;
  std::list<std::unique_ptr<EchoSession>> sessions_;
};

void EchoSession::end() { server_.remove(*this); }

}  // namespace

int main(int argc, char** argv) {
  const auto endpoint = parse_endpoint(argc > 1 ? argv[1] : "127.0.0.1:0");
  if (!endpoint) {
    std::cerr << endpoint.error().message << '\n';
    return 2;
  }
  EventLoop loop;
  EchoServer server(loop, TlsServerContext::create({.certificates = {make_self_signed()}}).value());
  const auto listener = Listener::listen(loop, *endpoint, server);
  if (!listener) {
    std::cerr << listener.error().message << '\n';
    return 1;
  }
  std::cout << "listening on " << listener->local_address() << std::endl;

  std::thread until_stdin_ends([&loop] {
    for (std::string line; std::getline(std::cin, line);) {
    }
    loop.stop();
  });
  loop.run();
  until_stdin_ends.join();
}
