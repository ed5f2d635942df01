// All the layers of a simulated connection, seen from outside.
#pragma once

#include "tests/simulation/socket.hpp"
#include "tests/simulation/verdict.hpp"
#include "tests/simulation/watched_layer.hpp"

#include <spillway/connection.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

namespace spillway::simulation {

/// Says what the connection's layers have made of its bytes, without asking the connection.
class LayerWatch {
 public:
  LayerWatch(const Socket& socket, Verdict& verdict) : socket_(socket), verdict_(verdict) {}

  /// Puts a layer on top of those that are watched already.
  std::unique_ptr<Interceptor> watch(std::unique_ptr<Interceptor> layer) {
    surfaced_before_ = surfaced();
    LayerRecord* below = records_.empty() ? nullptr : &records_.back();
    records_.emplace_back();
    if (below != nullptr) below->above = &records_.back();
    return std::make_unique<WatchedLayer>(std::move(layer), records_.back(), below, verdict_);
  }
  /// The connection did not take the layer that was watched last.
  void refused(std::size_t surfaced_then) {
    records_.pop_back();
    if (!records_.empty()) records_.back().above = nullptr;
    surfaced_before_ = surfaced_then - (records_.empty() ? 0 : records_.back().up);
  }

  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] bool ready() const { return std::ranges::all_of(records_, &LayerRecord::ready); }
  [[nodiscard]] bool failed() const { return std::ranges::any_of(records_, &LayerRecord::failed); }
  /// A layer failed because what is below it ended.
  [[nodiscard]] bool truncated() const {
    return std::ranges::any_of(records_, &LayerRecord::truncated);
  }
  /// The application's bytes have ended cleanly.
  [[nodiscard]] bool finished() const {
    return !empty() && ready() && records_.back().status == LayerStatus::finished;
  }
  /// The last goodbye is that of the layer next to the wire.
  [[nodiscard]] bool said_goodbye() const {
    return empty() || !records_.front().ready() || records_.front().goodbyes == 1;
  }
  [[nodiscard]] bool all_said_goodbye() const {
    return std::ranges::all_of(records_,
                               [](const LayerRecord& record) { return record.goodbyes == 1; });
  }
  [[nodiscard]] bool all_torn_down() const {
    return std::ranges::all_of(records_,
                               [](const LayerRecord& record) { return record.tear_downs == 1; });
  }

  /// Wire bytes that were made for the socket.
  [[nodiscard]] std::size_t produced() const {
    return plain_ + (empty() ? 0 : records_.front().down);
  }
  /// Bytes that came up to where the application is.
  [[nodiscard]] std::size_t surfaced() const {
    return empty() ? socket_.bytes_read() : surfaced_before_ + records_.back().up;
  }
  /// A send without layers: its bytes go to the socket as they are.
  void sent_plain(std::size_t size) { plain_ += size; }

 private:
  const Socket& socket_;
  Verdict& verdict_;
  std::deque<LayerRecord> records_;  // their addresses stay
  std::size_t plain_ = 0;
  std::size_t surfaced_before_ = 0;
};

}  // namespace spillway::simulation
