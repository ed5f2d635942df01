// One connection on a scripted transport, and a language to drive it.
#pragma once

#include "tests/support/recorder.hpp"
#include "tests/support/scripted_transport.hpp"

#include <spillway/connection.hpp>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::testing {

inline Layers no_layers() { return {}; }

template <class... Interceptors>
Layers layers(std::unique_ptr<Interceptors>... interceptors) {
  Layers result;
  (result.push_back(std::move(interceptors)), ...);
  return result;
}

/// What a send came to, as a word: "1" for token 1, "NotWriteable" and so on.
inline std::string word(const SendResult& result) {
  if (result) return std::to_string(result->id());
  switch (result.error()) {
    case SendError::NotConnected:
      return "NotConnected";
    case SendError::NotReady:
      return "NotReady";
    case SendError::NotWriteable:
      return "NotWriteable";
  }
  return "?";
}

class ConnectionHarness {
 public:
  ManualClock clock;
  Scheduler scheduler{clock};
  Wire wire;
  Recorder events;
  Connection connection;

  void serve(Layers with = {}, ConnectionOptions options = {}) {
    connection = Connection::server(scheduler, std::make_unique<ScriptedTransport>(wire),
                                    std::move(with), events, options);
  }
  void become_client(Layers with = {}, ConnectionOptions options = {}) {
    connection = Connection::client(scheduler, std::make_unique<ScriptedTransport>(wire),
                                    std::move(with), events, options);
  }
  /// Serves and swallows the start.
  void open(Layers with = {}) {
    serve(std::move(with));
    run();
    EXPECT_EQ(events.take(), std::vector<std::string>{"started"});
  }

  /// Outside or inside a callback.
  std::string send(std::string_view text) {
    return events.call([&] { return word(connection.send(as_bytes(text))); });
  }
  std::string send_list(std::initializer_list<std::string_view> texts) {
    std::vector<Bytes> buffers;
    for (const std::string_view text : texts) buffers.push_back(as_bytes(text));
    return events.call([&] { return word(connection.send(buffers)); });
  }

  void turn() { scheduler.run_turn(); }
  /// Polls and turns until nothing happens any more.
  void run() {
    for (int rounds = 0; rounds < 100000; ++rounds) {
      const bool polled = wire.poll();
      const bool worked = scheduler.has_work();
      turn();
      if (!polled && !worked) return;
    }
    FAIL() << "the connection never comes to rest";
  }
  void advance(Duration by) {
    clock.advance(by);
    run();
  }
  void let_go() { connection = Connection(); }

  using Log = std::vector<std::string>;
};

}  // namespace spillway::testing
