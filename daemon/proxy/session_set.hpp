// The sessions of one event loop.
#pragma once

#include "daemon/proxy/session.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>

namespace spillway::proxy {

/// The one owner of its loop's sessions. For the loop's thread.
class SessionSet final : private SessionOwner {
 public:
  explicit SessionSet(SessionContext context) : context_(std::move(context)) {}
  SessionSet(const SessionSet&) = delete;
  SessionSet& operator=(const SessionSet&) = delete;

  /// Begins a session of the kind that its route asks for.
  void open(Session::Arrival arrival);
  /// Ends all of them by force; that they are over shows in a later turn. Returns how many.
  std::size_t stop_all(std::string_view reason);
  /// Calls `call` once, when there is no session: at once or when the last one has ended.
  /// REQUIRES: no more are opened.
  void when_empty(std::function<void()> call);

  /// Brings the routes' figures up to now: what lasts counts up to here.
  void settle_figures();
  /// Bytes in the queues of the session that holds most.
  [[nodiscard]] std::size_t most_queued() const;
  /// Ends that session.
  void stop_largest(const MemoryPressure& pressure);

  [[nodiscard]] std::size_t size() const { return sessions_.size(); }

 private:
  void on_session_ended(Session& session) override;
  [[nodiscard]] Session* largest() const;

  SessionContext context_;
  std::function<void()> when_empty_;
  std::unordered_map<const Session*, std::unique_ptr<Session>> sessions_;
};

}  // namespace spillway::proxy
