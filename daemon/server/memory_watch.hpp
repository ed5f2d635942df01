// Ends sessions when all of them together hold too much.
#pragma once

#include "daemon/overflow/memory_limit.hpp"
#include "daemon/server/worker.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace spillway::server {

/// The session that holds most goes first, whatever loop it is on, and so on until the sum is below
/// the limit. Asks the loops and never waits for one: runs on the control thread.
class MemoryWatch {
 public:
  /// All references outlive the watch.
  MemoryWatch(boost::asio::io_context& control, std::size_t limit,
              const std::vector<std::unique_ptr<Worker>>& workers);

  /// What the workers' queues count in.
  overflow::MemoryLimit& limit() { return limit_; }

 private:
  struct Largest {
    Worker* worker = nullptr;
    std::size_t bytes = 0;
  };

  void begin_round();
  void on_found(Worker& worker, std::size_t bytes);
  void end_round();

  boost::asio::io_context& control_;
  const std::vector<std::unique_ptr<Worker>>& workers_;
  overflow::MemoryLimit limit_;
  std::size_t unanswered_ = 0;
  Largest largest_;
};

}  // namespace spillway::server
