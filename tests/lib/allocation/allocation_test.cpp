// A message costs no allocation: counted over 10,000 echoed messages on real sockets, both ends and
// the loop included, on plain connections and on TLS ones.
#include "tests/lib/allocation/allocation_counter.hpp"

#include <spillway/connection.hpp>
#include <spillway/connector.hpp>
#include <spillway/event_loop.hpp>
#include <spillway/listener.hpp>
#include <spillway/tls/self_signed.hpp>
#include <spillway/tls/tls_layer.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <iostream>
#include <memory>
#include <string>

namespace spillway::testing {
namespace {

constexpr int warm_up = 200;
constexpr int messages = 10'000;

enum class Security { plain, tls_1_2, tls_1_3 };

struct Load {
  Security security;
  std::size_t size;
};

std::ostream& operator<<(std::ostream& out, const Load& load) {
  const char* names[] = {"plain", "tls_1_2", "tls_1_3"};
  return out << names[static_cast<int>(load.security)] << '_' << load.size;
}

class Echo final : public ServerEvents, public ListenerEvents {
 public:
  using MakeLayers = std::function<Layers()>;
  Echo(EventLoop& loop, MakeLayers make_layers)
      : loop_(loop), make_layers_(std::move(make_layers)) {}

 private:
  void on_accepted(std::unique_ptr<Transport> transport) override {
    connection_ = Connection::server(loop_, std::move(transport), make_layers_(), *this);
  }
  void on_received(Bytes data) override { (void)connection_.send(data); }
  void on_throttled() override { connection_.mute(); }
  void on_unthrottled() override { connection_.unmute(); }
  void on_end_of_stream() override { connection_.close(); }
  void on_start_failure(const Failure& failure) override { ADD_FAILURE() << failure.detail; }
  void on_closed(const Closed&) override {}

  EventLoop& loop_;
  MakeLayers make_layers_;
  Connection connection_;
};

/// Sends a message when the one before came back, and counts from the end of the warm-up on.
class PingPong final : public ClientEvents {
 public:
  PingPong(EventLoop& loop, std::size_t size) : loop_(loop), message_(size, 'm') {}

  void connect(std::unique_ptr<Dial> dial, Layers with) {
    connection_ = Connection::connect(loop_, std::move(dial), std::move(with), *this);
  }
  [[nodiscard]] std::size_t counted() const { return last_ - first_; }
  [[nodiscard]] std::size_t bookkeeping() const { return last_bookkeeping_ - first_bookkeeping_; }

 private:
  void on_connected() override { ping(); }
  void ping() { EXPECT_TRUE(connection_.send(as_bytes(message_)).has_value()); }
  void on_received(Bytes data) override {
    echoed_ += data.size();
    if (echoed_ < message_.size()) return;
    echoed_ = 0;
    ++done_;
    if (done_ == warm_up) {
      first_ = allocations();
      first_bookkeeping_ = packet_bookkeeping();
    }
    if (done_ < warm_up + messages) return ping();
    last_ = allocations();
    last_bookkeeping_ = packet_bookkeeping();
    loop_.stop();
  }
  void on_end_of_stream() override {}
  void on_connection_failure(const Failure& failure) override {
    ADD_FAILURE() << failure.detail;
    loop_.stop();
  }
  void on_closed(const Closed& closed) override {
    ADD_FAILURE() << to_string(closed.reason);
    loop_.stop();
  }

  EventLoop& loop_;
  std::string message_;
  std::size_t echoed_ = 0;
  int done_ = 0;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  std::size_t first_bookkeeping_ = 0;
  std::size_t last_bookkeeping_ = 0;
  Connection connection_;
};

class Allocation : public ::testing::TestWithParam<Load> {
 protected:
  CertificateAndKey identity = make_self_signed();

  Layers server_layers() {
    Layers layers;
    if (GetParam().security == Security::plain) return layers;
    layers.push_back(
        make_tls_server_layer(TlsServerContext::create({.certificates = {identity}}).value()));
    return layers;
  }
  Layers client_layers() {
    Layers layers;
    if (GetParam().security == Security::plain) return layers;
    TlsClientOptions options{.trusted_pem = identity.certificate_pem};
    if (GetParam().security == Security::tls_1_2) options.max_version = TlsVersion::tls_1_2;
    layers.push_back(
        make_tls_client_layer(TlsClientContext::create(options).value(), "localhost").value());
    return layers;
  }
};

TEST_P(Allocation, AnEchoedMessageCostsNone) {
  EventLoop loop;
  const auto resolver = system_resolver();
  Echo echo(loop, [this] { return server_layers(); });
  const auto listener = Listener::listen(loop, HostPort{"127.0.0.1", 0}, echo).value();
  PingPong client(loop, GetParam().size);
  client.connect(make_connector(loop, *resolver, HostPort{"127.0.0.1", listener.port()}),
                 client_layers());
  loop.run();
  EXPECT_EQ(client.counted(), 0U);
  // Four records are written or read per echo, at most two small pieces each.
  EXPECT_LE(client.bookkeeping(), 8U * messages);
  std::cout << "over " << messages << " echoed messages: " << client.counted()
            << " allocations, and " << client.bookkeeping() << " of OpenSSL's packet writer\n";
}

INSTANTIATE_TEST_SUITE_P(Loads, Allocation,
                         ::testing::Values(Load{Security::plain, 64}, Load{Security::plain, 16384},
                                           Load{Security::tls_1_2, 64},
                                           Load{Security::tls_1_2, 16384},
                                           Load{Security::tls_1_3, 64},
                                           Load{Security::tls_1_3, 16384}),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace spillway::testing

int main(int argc, char** argv) {
  spillway::testing::count_openssl_allocations();
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
