// Why a connection may have ended.
#pragma once

#include <spillway/close_reason.hpp>

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace spillway::simulation {

/// One thing that ends a connection, and how it has to end then.
struct Cause {
  CloseReason closed;
  FailureReason failed;
  bool aborts;
};

inline Cause cause_of(const boost::system::error_code& error) {
  namespace errc = boost::system::errc;
  if (error == errc::connection_reset || error == errc::broken_pipe) {
    return {CloseReason::reset, FailureReason::reset, false};
  }
  if (error == errc::timed_out) {
    return {CloseReason::timed_out, FailureReason::handshake_timeout, false};
  }
  return {CloseReason::io_error, FailureReason::io_error, false};
}

/// All that could be it. Often two come together: an alert cannot be written to a stream that was
/// reset.
class Causes {
 public:
  void add(const Cause& cause) { causes_.push_back(cause); }

  [[nodiscard]] bool none() const { return causes_.empty(); }
  [[nodiscard]] bool explain(CloseReason reason) const {
    return std::ranges::find(causes_, reason, &Cause::closed) != causes_.end();
  }
  [[nodiscard]] bool explain(FailureReason reason) const {
    return std::ranges::find(causes_, reason, &Cause::failed) != causes_.end();
  }
  [[nodiscard]] bool allow(bool aborted) const {
    return std::ranges::find(causes_, aborted, &Cause::aborts) != causes_.end();
  }

 private:
  std::vector<Cause> causes_;
};

}  // namespace spillway::simulation
