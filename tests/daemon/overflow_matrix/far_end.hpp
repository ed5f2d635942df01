// What is on the other side of one of a session's connections.
#pragma once

#include "tests/support/scripted_transport.hpp"
#include "tests/support/tls_peer.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace spillway::testing {

/// Speaks plainly or TLS. As with a socket, what it says reaches the session only while that reads:
/// so it is known at any time what the session has been given.
class FarEnd {
 public:
  enum class Language { plain, tls_client, tls_server };

  explicit FarEnd(Language language);

  /// Says the first words of TLS, or waits for them.
  void greet();
  /// One read's worth, when its time has come.
  void says(std::string bytes) { outbox_.push_back(std::move(bytes)); }
  /// Ends its sending side after what it still has to say.
  void ends() { speech_ = Speech::ending; }
  void resets() { wire_.resets(); }

  // What the operating system between it and the session does.
  void blocks() { wire_.blocks(); }
  void takes(std::size_t bytes) { wire_.takes(bytes); }
  void takes_everything() { wire_.takes(Wire::unlimited); }

  /// Says the next thing, and reports what its wire is ready for. False if there was nothing.
  bool speak();
  /// Reads what the session has sent. False if there was nothing to be read.
  bool listen() { return tls_ && tls_->listen(); }

  [[nodiscard]] bool is_read() const { return wire_.attached() && wire_.interest().readable; }
  /// Plain bytes that the session was given.
  [[nodiscard]] std::size_t said() const { return said_; }
  /// Plain bytes that the session sent.
  [[nodiscard]] const std::string& heard() const { return tls_ ? tls_->heard() : wire_.written(); }
  /// The session ended its sending side, with TLS's goodbye if it speaks that.
  [[nodiscard]] bool heard_the_end() const;
  [[nodiscard]] bool was_reset() const { return wire_.aborted(); }
  [[nodiscard]] bool was_closed() const { return wire_.closed(); }
  Wire& wire() { return wire_; }

 private:
  enum class Speech { open, ending, ended };

  bool utter();
  void end();

  Wire wire_;
  std::optional<TlsPeer> tls_;
  std::deque<std::string> outbox_;
  Speech speech_ = Speech::open;
  std::size_t said_ = 0;
};

}  // namespace spillway::testing
