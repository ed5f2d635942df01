#include "daemon/server/memory_watch.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace spillway::server {

namespace asio = boost::asio;

namespace {

// Each round looks at every session once: so it ends more than one.
constexpr std::size_t most_of_a_loop = 64;

}  // namespace

MemoryWatch::MemoryWatch(asio::io_context& control, std::size_t limit,
                         const std::vector<std::unique_ptr<Worker>>& workers)
    : control_(control),
      workers_(workers),
      limit_(limit, [this] { asio::post(control_, [this] { begin_round(); }); }) {}

void MemoryWatch::set_limit(std::size_t bytes) {
  limit_.set_bytes(bytes);
  // Queues that stand still sound no alarm.
  if (limit_.rearm()) begin_round();
}

void MemoryWatch::begin_round() {
  if (unanswered_ > 0) return;  // one is under way
  unanswered_ = workers_.size();
  found_.clear();
  for (const auto& worker : workers_) {
    worker->find_largest(
        most_of_a_loop, [this, &worker = *worker](const std::vector<std::size_t>& largest) {
          asio::post(control_, [this, &worker, largest] { on_found(worker, largest); });
        });
  }
}

void MemoryWatch::on_found(Worker& worker, const std::vector<std::size_t>& largest) {
  for (const std::size_t bytes : largest) found_.push_back({bytes, &worker});
  if (--unanswered_ == 0) choose();
}

void MemoryWatch::choose() {
  const std::size_t total = limit_.total();
  const std::size_t most = limit_.bytes();
  if (most == 0 || total <= most) {
    // What the queues held has gone by itself in the meantime, or they may hold it now.
    if (limit_.rearm()) begin_round();
    return;
  }
  if (found_.empty()) return limit_.rest();
  std::sort(found_.begin(), found_.end(),
            [](const Holding& a, const Holding& b) { return a.bytes > b.bytes; });
  std::map<Worker*, std::size_t> chosen;
  std::size_t freed = 0;
  for (const Holding& holding : found_) {
    if (freed >= total - most) break;
    freed += holding.bytes;
    ++chosen[holding.worker];
  }
  stop(chosen);
}

void MemoryWatch::stop(const std::map<Worker*, std::size_t>& chosen) {
  const proxy::MemoryPressure pressure{.total = limit_.total(), .limit = limit_.bytes()};
  unanswered_ = chosen.size();
  for (const auto& [worker, count] : chosen) {
    worker->stop_largest(count, pressure,
                         [this] { asio::post(control_, [this] { on_stopped(); }); });
  }
}

void MemoryWatch::on_stopped() {
  if (--unanswered_ == 0) begin_round();
}

}  // namespace spillway::server
