// STARTTLS: both sides speak plain text first, then put TLS on the open connection. What was
// received before the upgrade can never be taken for something that came after it.
#include "in_process.hpp"

#include <spillway/connection.hpp>
#include <spillway/tls/self_signed.hpp>
#include <spillway/tls/tls_layer.hpp>

#include <iostream>
#include <string>

namespace {

using namespace spillway;

class Server final : public ServerEvents {
 public:
  explicit Server(TlsServerContext tls) : tls_(std::move(tls)) {}

  void serve(EventLoop& loop, std::unique_ptr<Transport> transport) {
    connection_ = Connection::server(loop, std::move(transport), {}, *this);
  }

 private:
  void on_received(Bytes data) override {
    std::cout << "server got: " << as_text(data);
    if (as_text(data) == "STARTTLS\n") {
      (void)connection_.send(as_bytes("220 go ahead\n"));
      // Inside the delivery of the request, so that nothing received is left over.
      connection_.start_tls(make_tls_server_layer(tls_)).value();
    } else {
      (void)connection_.send(as_bytes("250 understood\n"));
    }
  }
  void on_end_of_stream() override { connection_.close(); }
  void on_start_failure(const Failure&) override {}
  void on_closed(const Closed&) override {}

  TlsServerContext tls_;
  Connection connection_;
};

class Client final : public ClientEvents {
 public:
  Client(EventLoop& loop, std::unique_ptr<Dial> dial, TlsClientContext tls)
      : loop_(loop),
        tls_(std::move(tls)),
        connection_(Connection::connect(loop, std::move(dial), {}, *this)) {}

 private:
  void on_connected() override { (void)connection_.send(as_bytes("STARTTLS\n")); }

  void on_received(Bytes data) override {
    std::cout << "client got: " << as_text(data);
    if (as_text(data).starts_with("220")) {
      connection_.start_tls(make_tls_client_layer(tls_, "localhost").value()).value();
    } else {
      connection_.close();
    }
  }
  void on_tls_started() override { (void)connection_.send(as_bytes("a secret\n")); }
  void on_end_of_stream() override { connection_.close(); }
  void on_closed(const Closed& closed) override {
    std::cout << "client: " << to_string(closed.reason) << ' ' << closed.detail << '\n';
    loop_.stop();
  }
  void on_connection_failure(const Failure& failure) override {
    std::cout << "not connected: " << failure.detail << '\n';
    loop_.stop();
  }

  EventLoop& loop_;
  TlsClientContext tls_;
  Connection connection_;
};

}  // namespace

int main() {
  EventLoop loop;
  const auto resolver = system_resolver();
  const CertificateAndKey identity = make_self_signed();
  Server server(TlsServerContext::create({.certificates = {identity}}).value());
  example::Door door(loop, [&](auto transport) { server.serve(loop, std::move(transport)); });
  Client client(loop, door.knock(loop, *resolver),
                TlsClientContext::create({.trusted_pem = identity.certificate_pem}).value());
  loop.run();
}
