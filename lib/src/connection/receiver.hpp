// The application's end of a connection: a server's or a client's events, or nobody.
#pragma once

#include <spillway/events.hpp>

#include <variant>

namespace spillway {

/// The two roles differ only in how a connection starts or fails to.
class Receiver {
 public:
  explicit Receiver(ServerEvents& events) : role_(&events), events_(&events) {}
  explicit Receiver(ClientEvents& events) : role_(&events), events_(&events) {}

  /// Null once detached: nobody listens any more.
  [[nodiscard]] ConnectionEvents* events() const { return events_; }
  void detach() { events_ = nullptr; }

  // REQUIRES: not detached.
  void started() {
    if (auto* server = std::get_if<ServerEvents*>(&role_)) return (*server)->on_started();
    std::get<ClientEvents*>(role_)->on_connected();
  }
  void failed_to_start(const Failure& failure) {
    if (auto* server = std::get_if<ServerEvents*>(&role_)) {
      return (*server)->on_start_failure(failure);
    }
    std::get<ClientEvents*>(role_)->on_connection_failure(failure);
  }

 private:
  std::variant<ServerEvents*, ClientEvents*> role_;
  ConnectionEvents* events_;
};

}  // namespace spillway
