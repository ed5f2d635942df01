// The application's end of a connection: a server's or a client's events, or nobody.
#pragma once

#include <spillway/events.hpp>

#include <cstdint>

namespace spillway {

/// The two roles differ only in how a connection starts or fails to.
class Receiver {
 public:
  explicit Receiver(ServerEvents& events) : events_(&events), role_(Role::server) {}
  explicit Receiver(ClientEvents& events) : events_(&events), role_(Role::client) {}

  /// Null once detached: nobody listens any more.
  [[nodiscard]] ConnectionEvents* events() const { return events_; }
  void detach() { events_ = nullptr; }

  // REQUIRES: not detached.
  void started() { role_ == Role::server ? server().on_started() : client().on_connected(); }
  void failed_to_start(const Failure& failure) {
    role_ == Role::server ? server().on_start_failure(failure)
                          : client().on_connection_failure(failure);
  }

 private:
  enum class Role : std::uint8_t { server, client };

  [[nodiscard]] ServerEvents& server() const { return static_cast<ServerEvents&>(*events_); }
  [[nodiscard]] ClientEvents& client() const { return static_cast<ClientEvents&>(*events_); }

  ConnectionEvents* events_;
  Role role_;
};

}  // namespace spillway
