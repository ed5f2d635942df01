// Which address to try when: the deciding part of connecting.
#pragma once

#include <spillway/address.hpp>
#include <spillway/close_reason.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace spillway {

/// RFC 8305 without sockets and clocks: events in, the next action out. Attempts are named by
/// their number, in the order in which they start.
class AttemptPlan {
 public:
  /// Nothing to do until the next event.
  struct Wait {};
  /// Start this attempt; if others wait behind it, tell when the attempt delay has passed.
  struct Start {
    std::size_t attempt;
    bool more;
  };
  /// Every attempt failed: `failure()`.
  struct GiveUp {};
  using Action = std::variant<Wait, Start, GiveUp>;

  /// The addresses in the order of the system's preference. They are tried with the families
  /// taking turns, so that a family that is broken as a whole costs one delay and not many.
  explicit AttemptPlan(std::vector<Address> addresses);

  Action begin() { return next(); }
  Action attempt_failed(std::size_t attempt, const boost::system::error_code& error);
  Action delay_passed();

  [[nodiscard]] const Address& address(std::size_t attempt) const;
  [[nodiscard]] std::size_t size() const { return attempts_.size(); }

  /// What every attempt together came to. The reason is that of the attempt that says most: a
  /// refusal proves that the host is there, an unreachable network may be just a missing family.
  [[nodiscard]] Failure failure() const;
  /// As it stands when the deadline passes.
  [[nodiscard]] Failure deadline_failure() const;

 private:
  struct Attempt {
    Address address;
    std::optional<boost::system::error_code> error;  // none while it runs
  };

  Action next();
  [[nodiscard]] std::string report() const;

  std::vector<Attempt> attempts_;
  std::size_t started_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace spillway
