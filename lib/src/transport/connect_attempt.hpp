// One connect to one address.
#pragma once

#include "transport/descriptor.hpp"
#include "transport/poller.hpp"

#include <spillway/address.hpp>
#include <spillway/socket_options.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <memory>

namespace spillway {

/// Runs from its making until the owner hears of its end, or destroys it.
class ConnectAttempt final : private Pollable {
 public:
  class Owner {
   public:
    /// No error: connected, `take_socket()` has it. May destroy the attempt.
    virtual void on_attempt_ended(std::size_t number, const boost::system::error_code& error) = 0;

   protected:
    ~Owner() = default;
  };

  /// `number` is the owner's name for the attempt. An error when it failed at once; otherwise the
  /// owner hears from the poller, even if it succeeded at once.
  static boost::system::result<std::unique_ptr<ConnectAttempt>> start(Poller& poller,
                                                                      const Address& address,
                                                                      const SocketOptions& options,
                                                                      Owner& owner,
                                                                      std::size_t number);
  ~ConnectAttempt();
  ConnectAttempt(const ConnectAttempt&) = delete;
  ConnectAttempt& operator=(const ConnectAttempt&) = delete;

  /// Called once, after success.
  Descriptor take_socket();

 private:
  ConnectAttempt(Poller& poller, Descriptor socket, const Address& address, Owner& owner,
                 std::size_t number);
  void on_poll(Readiness readiness) override;
  [[nodiscard]] boost::system::error_code outcome() const;

  Poller& poller_;
  Descriptor socket_;
  Address address_;
  Owner& owner_;
  std::size_t number_;
};

}  // namespace spillway
