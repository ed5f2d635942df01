// The sessions of one event loop.
#pragma once

#include "daemon/proxy/session.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace spillway::proxy {

/// The one owner of its loop's sessions. For the loop's thread.
class SessionSet final : private SessionOwner {
 public:
  explicit SessionSet(SessionContext context) : context_(std::move(context)) {}
  SessionSet(const SessionSet&) = delete;
  SessionSet& operator=(const SessionSet&) = delete;

  /// A way in, for `open`: of the listener at `address`, counting in `metrics`.
  std::shared_ptr<const Entrance> make_entrance(std::shared_ptr<const Route> route,
                                                std::shared_ptr<observe::RouteMetrics> metrics,
                                                std::string address) {
    SessionOwner& owner = *this;
    return std::make_shared<const Entrance>(context_, owner, std::move(route), std::move(metrics),
                                            std::move(address));
  }
  /// Begins a session of the kind that its route asks for. REQUIRES: its entrance is of this set.
  void open(Session::Arrival arrival);
  /// Ends all of them by force; that they are over shows in a later turn. Returns how many there
  /// were that had not been cut short already.
  std::size_t stop_all(std::string_view reason);
  /// The same for the first `count` of those that `covers` is true of.
  std::size_t stop(std::size_t count, const std::function<bool(const Session&)>& covers,
                   std::string_view reason);
  /// How many there are that `covers` is true of and that have not ended already.
  [[nodiscard]] std::size_t count(const std::function<bool(const Session&)>& covers) const;
  /// Logs a line for each of up to `most` sessions whose number is above `after`, lowest first.
  /// Returns the number of the last one; none if there was none.
  std::optional<std::uint64_t> log_next(std::uint64_t after, std::size_t most) const;
  /// Calls `call` once, when there is no session: at once or when the last one has ended.
  /// REQUIRES: no more are opened.
  void when_empty(std::function<void()> call);

  /// Brings the routes' figures up to now: what lasts counts up to here.
  void settle_figures();
  /// Bytes in the queues of the `most` sessions that hold most, the largest first; fewer if fewer
  /// hold any.
  [[nodiscard]] std::vector<std::size_t> largest(std::size_t most) const;
  /// Ends the `count` largest ones.
  void stop_largest(std::size_t count, const MemoryPressure& pressure);

  /// For who looks on from outside.
  [[nodiscard]] observe::ConnectionList list(const observe::ConnectionQuery& query) const;
  /// Ends the session of that number by force, because a person said so. False if there is none, or
  /// it was cut short before.
  bool end(std::uint64_t id);

  [[nodiscard]] std::size_t size() const { return sessions_.size(); }

 private:
  struct Holding {
    std::size_t bytes;
    Session* session;
  };

  void on_session_ended(Session& session) override;
  [[nodiscard]] std::vector<Holding> holdings(std::size_t most) const;

  SessionContext context_;
  std::function<void()> when_empty_;
  std::vector<std::unique_ptr<Session>> sessions_;  // each knows its index
};

}  // namespace spillway::proxy
