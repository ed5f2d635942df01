#include "daemon/proxy/session_set.hpp"

#include "daemon/proxy/echo_session.hpp"
#include "daemon/proxy/proxy_session.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace spillway::proxy {

void SessionSet::open(Session::Arrival arrival) {
  std::unique_ptr<Session> session;
  if (arrival.entrance->route->config.echo) {
    session = std::make_unique<EchoSession>(std::move(arrival));
  } else {
    session = std::make_unique<ProxySession>(std::move(arrival));
  }
  session->index_ = static_cast<std::uint32_t>(sessions_.size());
  sessions_.push_back(std::move(session));
}

std::size_t SessionSet::stop_all(std::string_view reason) {
  std::size_t stopped = 0;
  for (const auto& session : sessions_) stopped += session->stop(reason) ? 1 : 0;
  return stopped;
}

std::size_t SessionSet::stop(std::size_t count, const std::function<bool(const Session&)>& covers,
                             std::string_view reason) {
  std::size_t stopped = 0;
  for (const auto& session : sessions_) {
    if (stopped == count) break;
    if (!session->has_ended() && covers(*session)) stopped += session->stop(reason) ? 1 : 0;
  }
  return stopped;
}

std::size_t SessionSet::count(const std::function<bool(const Session&)>& covers) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      sessions_, [&covers](const auto& each) { return !each->has_ended() && covers(*each); }));
}

std::optional<std::uint64_t> SessionSet::log_next(std::uint64_t after, std::size_t most) const {
  std::vector<const Session*> next;
  for (const auto& session : sessions_) {
    if (session->id() > after && !session->has_ended()) next.push_back(session.get());
  }
  const auto end = next.begin() + static_cast<std::ptrdiff_t>(std::min(most, next.size()));
  std::partial_sort(next.begin(), end, next.end(),
                    [](const Session* a, const Session* b) { return a->id() < b->id(); });
  next.erase(end, next.end());
  for (const Session* session : next) session->log();
  if (next.empty()) return std::nullopt;
  return next.back()->id();
}

void SessionSet::when_empty(std::function<void()> call) {
  if (sessions_.empty()) return call();
  when_empty_ = std::move(call);
}

void SessionSet::settle_figures() {
  for (const auto& session : sessions_) session->settle_figures();
}

std::vector<std::size_t> SessionSet::largest(std::size_t most) const {
  std::vector<std::size_t> bytes;
  for (const Holding& holding : holdings(most)) bytes.push_back(holding.bytes);
  return bytes;
}

void SessionSet::stop_largest(std::size_t count, const MemoryPressure& pressure) {
  for (const Holding& holding : holdings(count)) holding.session->stop_for_memory(pressure);
}

std::vector<SessionSet::Holding> SessionSet::holdings(std::size_t most) const {
  std::vector<Holding> all;
  for (const auto& session : sessions_) {
    const std::size_t bytes = session->queued_bytes();
    if (bytes > 0) all.push_back({bytes, session.get()});
  }
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::partial_sort(all.begin(), end, all.end(),
                    [](const Holding& a, const Holding& b) { return a.bytes > b.bytes; });
  all.erase(end, all.end());
  return all;
}

// All are looked at, few are told of: what is told takes memory, and its texts time.
observe::ConnectionList SessionSet::list(const observe::ConnectionQuery& query) const {
  struct Sufferer {
    observe::Trouble trouble;
    Session* session;
  };
  std::vector<Sufferer> found;
  for (const auto& session : sessions_) {
    if (!query.route.empty() && session->config().name != query.route) continue;
    const observe::Trouble trouble = session->trouble();
    if (trouble.slow || !query.slow_only) found.push_back({trouble, session.get()});
  }
  const std::size_t most = std::min(query.most, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(most), found.end(),
                    [](const Sufferer& a, const Sufferer& b) {
                      return is_worse(a.trouble, a.session->id(), b.trouble, b.session->id());
                    });
  observe::ConnectionList list{.matching = found.size(), .worst = {}};
  for (std::size_t i = 0; i < most; ++i) list.worst.push_back(found[i].session->look());
  return list;
}

bool SessionSet::end(std::uint64_t id) {
  const auto found = std::ranges::find(sessions_, id, [](const auto& each) { return each->id(); });
  return found != sessions_.end() && (*found)->stop("admin", Ender::admin);
}

void SessionSet::on_session_ended(Session& session) {
  const std::uint32_t index = session.index_;
  std::swap(sessions_[index], sessions_.back());
  sessions_[index]->index_ = index;
  context_.scheduler.retire(std::move(sessions_.back()));
  sessions_.pop_back();
  if (!sessions_.empty() || !when_empty_) return;
  std::exchange(when_empty_, nullptr)();
}

}  // namespace spillway::proxy
