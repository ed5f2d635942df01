// Ends sessions when all of them together hold too much.
#pragma once

#include "daemon/overflow/memory_limit.hpp"
#include "daemon/server/worker.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

namespace spillway::server {

/// The session that holds most goes first, whatever loop it is on, and so on until the sum is below
/// the limit: in rounds, each of which asks the loops for their largest ones and ends as many as it
/// takes. Never waits for a loop: runs on the control thread.
class MemoryWatch {
 public:
  /// All references outlive the watch.
  MemoryWatch(boost::asio::io_context& control, std::size_t limit,
              const std::vector<std::unique_ptr<Worker>>& workers);

  /// What the workers' queues count in.
  overflow::MemoryLimit& limit() { return limit_; }
  /// From now on, for what is held already too. REQUIRES: limit().counts().
  void set_limit(std::size_t bytes);

 private:
  /// What one session holds, and on which loop it is.
  struct Holding {
    std::size_t bytes;
    Worker* worker;
  };

  void begin_round();
  void on_found(Worker& worker, const std::vector<std::size_t>& largest);
  void choose();
  void stop(const std::map<Worker*, std::size_t>& chosen);
  void on_stopped();

  boost::asio::io_context& control_;
  const std::vector<std::unique_ptr<Worker>>& workers_;
  overflow::MemoryLimit limit_;
  std::size_t unanswered_ = 0;
  std::vector<Holding> found_;
};

}  // namespace spillway::server
