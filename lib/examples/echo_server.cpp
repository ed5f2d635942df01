// An echo server. What comes in goes out again; a client that does not read is not read from.
#include <spillway/connection.hpp>
#include <spillway/event_loop.hpp>
#include <spillway/listener.hpp>

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
  EchoSession(EchoServer& server, EventLoop& loop, std::unique_ptr<Transport> transport)
      : server_(server), connection_(Connection::server(loop, std::move(transport), {}, *this)) {}

 private:
  // One send per delivery, and none is delivered while throttled: so no send is ever refused.
  void on_received(Bytes data) override { (void)connection_.send(data); }
  void on_throttled() override { connection_.mute(); }
  void on_unthrottled() override { connection_.unmute(); }

  void on_end_of_stream() override { connection_.close(); }
  void on_closed(const Closed&) override { end(); }
  void on_start_failure(const Failure&) override { end(); }
  void end();

  EchoServer& server_;
  Connection connection_;
};

/// Owns its sessions.
class EchoServer final : public ListenerEvents {
 public:
  explicit EchoServer(EventLoop& loop) : loop_(loop) {}

  // A session ends inside one of its own callbacks: it is destroyed at the end of the turn.
  void remove(EchoSession& session) {
    const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                    [&](const auto& owned) { return owned.get() == &session; });
    loop_.retire(std::move(*found));
    sessions_.erase(found);
  }

 private:
  void on_accepted(std::unique_ptr<Transport> transport) override {
    sessions_.push_back(std::make_unique<EchoSession>(*this, loop_, std::move(transport)));
  }

  EventLoop& loop_;
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
  EchoServer server(loop);
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
