#include "daemon/server/memory_watch.hpp"

#include <boost/asio/post.hpp>

namespace spillway::server {

namespace asio = boost::asio;

MemoryWatch::MemoryWatch(asio::io_context& control, std::size_t limit,
                         const std::vector<std::unique_ptr<Worker>>& workers)
    : control_(control),
      workers_(workers),
      limit_(limit, [this] { asio::post(control_, [this] { begin_round(); }); }) {}

void MemoryWatch::begin_round() {
  unanswered_ = workers_.size();
  largest_ = {};
  for (const auto& worker : workers_) {
    worker->find_largest([this, &worker = *worker](std::size_t bytes) {
      asio::post(control_, [this, &worker, bytes] { on_found(worker, bytes); });
    });
  }
}

void MemoryWatch::on_found(Worker& worker, std::size_t bytes) {
  if (bytes > largest_.bytes) largest_ = {&worker, bytes};
  if (--unanswered_ == 0) end_round();
}

void MemoryWatch::end_round() {
  // What the queues counted may have gone by itself in the meantime.
  if (!limit_.is_exceeded() || largest_.worker == nullptr) return limit_.rearm();
  largest_.worker->stop_largest({.total = limit_.total(), .limit = limit_.bytes()},
                                [this] { asio::post(control_, [this] { begin_round(); }); });
}

}  // namespace spillway::server
