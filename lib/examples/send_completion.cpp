// Tokens: a send is accepted or refused, and `on_sent` says when its bytes are with the operating
// system. When the connection is lost, `on_closed` names the last send that made it.
#include "in_process.hpp"

#include <spillway/connection.hpp>

#include <iostream>
#include <optional>
#include <string>

namespace {

using namespace spillway;

/// Accepts and never reads, so that the sender's bytes pile up with the operating system.
class DeafServer final : public ServerEvents {
 public:
  void serve(EventLoop& loop, std::unique_ptr<Transport> transport) {
    connection_ = Connection::server(loop, std::move(transport), {}, *this);
    connection_.mute();
  }

 private:
  void on_received(Bytes) override {}
  void on_end_of_stream() override {}
  void on_start_failure(const Failure&) override {}
  void on_closed(const Closed&) override {}

  Connection connection_;
};

class Sender final : public ClientEvents {
 public:
  Sender(EventLoop& loop, std::unique_ptr<Dial> dial)
      : loop_(loop), connection_(Connection::connect(loop, std::move(dial), {}, *this)) {}

 private:
  void on_connected() override {
    const std::string message(256 * 1024, 'm');
    while (true) {
      const SendResult sent = connection_.send(as_bytes(message));
      if (!sent) {
        std::cout << "the next send is refused: " << to_string(sent.error()) << '\n';
        return;
      }
      last_accepted_ = sent->id();
    }
  }

  void on_sent(SendToken token) override { last_sent_ = token.id(); }

  // Everything but the last send is with the operating system now. Giving up here shows the
  // boundary.
  void on_throttled() override { connection_.hard_close(); }

  void on_closed(const Closed& closed) override {
    std::cout << "accepted 1 to " << last_accepted_ << ", sent 1 to " << last_sent_ << ", closed ("
              << to_string(closed.reason) << ") at " << closed.last_sent_id << '\n';
    loop_.stop();
  }
  void on_received(Bytes) override {}
  void on_end_of_stream() override {}
  void on_connection_failure(const Failure& failure) override {
    std::cout << "not connected: " << failure.detail << '\n';
    loop_.stop();
  }

  EventLoop& loop_;
  std::uint64_t last_accepted_ = 0;
  std::uint64_t last_sent_ = 0;
  Connection connection_;
};

}  // namespace

int main() {
  EventLoop loop;
  const auto resolver = system_resolver();
  DeafServer server;
  example::Door door(loop, [&](auto transport) { server.serve(loop, std::move(transport)); });
  Sender sender(loop, door.knock(loop, *resolver));
  loop.run();
}
