// A producer that is told when to stop: it makes a message only when a send would be accepted, so
// that a slow consumer costs it nothing but time.
#include "in_process.hpp"

#include <spillway/connection.hpp>

#include <iostream>
#include <string>

namespace {

using namespace spillway;

constexpr int message_count = 2000;
const std::string message(8 * 1024, 'm');

// Small buffers, so that the pipe fills soon.
constexpr SocketOptions small{.send_buffer = 16 * 1024, .receive_buffer = 16 * 1024};

class Producer final : public ServerEvents {
 public:
  explicit Producer(EventLoop& loop) : loop_(loop) {}

  void serve(std::unique_ptr<Transport> transport) {
    connection_ = Connection::server(loop_, std::move(transport), {}, *this);
  }

 private:
  void on_started() override { produce(); }
  void on_throttled() override { ++pauses_; }
  void on_unthrottled() override { produce(); }

  void produce() {
    while (made_ < message_count && connection_.is_writeable()) {
      ++made_;
      (void)connection_.send(as_bytes(message));
    }
    if (made_ == message_count) connection_.close();
  }

  void on_closed(const Closed& closed) override {
    std::cout << "produced " << made_ << " messages, " << closed.last_sent_id << " sent, stopped "
              << (pauses_ > 0 ? "when told to" : "never") << '\n';
    loop_.stop();
  }
  void on_received(Bytes) override {}
  void on_end_of_stream() override {}
  void on_start_failure(const Failure&) override {}

  EventLoop& loop_;
  int made_ = 0;
  int pauses_ = 0;
  Connection connection_;
};

/// Reads at its own pace: after each delivery it rests for a moment.
class SlowConsumer final : public ClientEvents {
 public:
  SlowConsumer(EventLoop& loop, std::unique_ptr<Dial> dial)
      : loop_(loop),
        rest_(loop, [this] { connection_.unmute(); }),
        connection_(Connection::connect(loop, std::move(dial), {}, *this)) {}

 private:
  void on_received(Bytes data) override {
    received_ += data.size();
    connection_.mute();
    rest_.expires_after(std::chrono::microseconds(100));
  }
  void on_end_of_stream() override { connection_.close(); }
  void on_closed(const Closed&) override {
    std::cout << "consumed " << received_ << " bytes of " << message_count * message.size() << '\n';
  }
  void on_connection_failure(const Failure& failure) override {
    std::cout << "not connected: " << failure.detail << '\n';
    loop_.stop();
  }

  EventLoop& loop_;
  std::size_t received_ = 0;
  Timer rest_;
  Connection connection_;
};

}  // namespace

int main() {
  EventLoop loop;
  const auto resolver = system_resolver();
  Producer producer(loop);
  example::Door door(
      loop, [&](auto transport) { producer.serve(std::move(transport)); }, small);
  SlowConsumer consumer(loop, door.knock(loop, *resolver, small));
  loop.run();
}
