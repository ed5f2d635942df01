// What the examples that talk to themselves share: a listener that hands over one connection.
#pragma once

#include <spillway/connector.hpp>
#include <spillway/event_loop.hpp>
#include <spillway/listener.hpp>

#include <functional>
#include <iostream>
#include <memory>
#include <utility>

namespace example {

/// Listens on a free loopback port and passes on what it accepts.
class Door final : public spillway::ListenerEvents {
 public:
  using Accept = std::function<void(std::unique_ptr<spillway::Transport>)>;

  Door(spillway::EventLoop& loop, Accept accept, spillway::SocketOptions socket = {})
      : accept_(std::move(accept)),
        listener_(spillway::Listener::listen(loop, spillway::HostPort{"127.0.0.1", 0}, *this,
                                             {.socket = socket})
                      .value()) {}

  /// An attempt to connect to this door.
  std::unique_ptr<spillway::Dial> knock(spillway::EventLoop& loop, spillway::Resolver& resolver,
                                        spillway::SocketOptions socket = {}) const {
    return spillway::make_connector(
        loop, resolver, spillway::HostPort{"127.0.0.1", listener_.port()}, {.socket = socket});
  }

 private:
  void on_accepted(std::unique_ptr<spillway::Transport> transport) override {
    accept_(std::move(transport));
  }

  Accept accept_;
  spillway::Listener listener_;
};

}  // namespace example
