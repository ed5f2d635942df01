// A user of the installed package: an echo over TLS on loopback, server and client on one loop.

#include <spillway/connection.hpp>
#include <spillway/connector.hpp>
#include <spillway/event_loop.hpp>
#include <spillway/listener.hpp>
#include <spillway/resolver.hpp>
#include <spillway/tls/self_signed.hpp>
#include <spillway/tls/tls_context.hpp>
#include <spillway/tls/tls_layer.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace {

spillway::Layers one_layer(std::unique_ptr<spillway::Interceptor> layer) {
  spillway::Layers layers;
  layers.push_back(std::move(layer));
  return layers;
}

class EchoServer final : public spillway::ListenerEvents, public spillway::ServerEvents {
 public:
  EchoServer(spillway::EventLoop& loop, spillway::TlsServerContext tls)
      : loop_(loop), tls_(std::move(tls)) {}

  void on_accepted(std::unique_ptr<spillway::Transport> transport) override {
    connection_ = spillway::Connection::server(loop_, std::move(transport),
                                               one_layer(make_tls_server_layer(tls_)), *this);
  }
  void on_received(spillway::Bytes data) override { connection_.send(data).value(); }
  void on_end_of_stream() override { connection_.close(); }
  void on_closed(const spillway::Closed&) override { loop_.stop(); }
  void on_start_failure(const spillway::Failure& failure) override {
    std::cerr << "server: " << failure.detail << '\n';
    loop_.stop();
  }

 private:
  spillway::EventLoop& loop_;
  spillway::TlsServerContext tls_;
  spillway::Connection connection_;
};

class Client final : public spillway::ClientEvents {
 public:
  explicit Client(spillway::EventLoop& loop) : loop_(loop) {}

  void connect(std::unique_ptr<spillway::Dial> dial, spillway::Layers layers) {
    connection_ = spillway::Connection::connect(loop_, std::move(dial), std::move(layers), *this);
  }
  void on_connected() override { connection_.send(spillway::as_bytes("hello")).value(); }
  void on_received(spillway::Bytes data) override {
    received += spillway::as_text(data);
    if (received.size() == 5) connection_.close();
  }
  void on_end_of_stream() override {}
  void on_closed(const spillway::Closed&) override {}
  void on_connection_failure(const spillway::Failure& failure) override {
    std::cerr << "client: " << failure.detail << '\n';
    loop_.stop();
  }

  std::string received;

 private:
  spillway::EventLoop& loop_;
  spillway::Connection connection_;
};

}  // namespace

int main() {
  const auto identity = spillway::make_self_signed();
  auto server_tls = spillway::TlsServerContext::create({.certificates = {identity}}).value();
  auto client_tls =
      spillway::TlsClientContext::create({.trusted_pem = identity.certificate_pem}).value();

  spillway::EventLoop loop;
  const auto resolver = spillway::system_resolver();
  EchoServer server(loop, server_tls);
  auto listener =
      spillway::Listener::listen(loop, spillway::parse_endpoint("127.0.0.1:0").value(), server)
          .value();
  Client client(loop);
  client.connect(
      make_connector(loop, *resolver, spillway::parse_endpoint(listener.local_address()).value()),
      one_layer(spillway::make_tls_client_layer(client_tls, "localhost").value()));
  loop.run();

  std::cout << client.received << '\n';
  return client.received == "hello" ? 0 : 1;
}
