// One connect to one address.
#pragma once

#include "transport/descriptor.hpp"
#include "transport/poller.hpp"
#include "transport/socket_transport.hpp"

#include <spillway/address.hpp>
#include <spillway/connector.hpp>

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
    /// One of the two, once. May destroy the attempt.
    virtual void on_attempt_connected(std::size_t number,
                                      std::unique_ptr<SocketTransport> transport) = 0;
    virtual void on_attempt_failed(std::size_t number, const boost::system::error_code& error) = 0;

   protected:
    ~Owner() = default;
  };

  /// `number` is the owner's name for the attempt. An error when it failed at once; otherwise the
  /// owner hears from the poller, even if it succeeded at once.
  static boost::system::result<std::unique_ptr<ConnectAttempt>> start(
      Poller& poller, const Address& address, const ConnectorOptions& options, Owner& owner,
      std::size_t number);
  ~ConnectAttempt();
  ConnectAttempt(const ConnectAttempt&) = delete;
  ConnectAttempt& operator=(const ConnectAttempt&) = delete;

 private:
  ConnectAttempt(Poller& poller, Descriptor socket, const Address& address, Owner& owner,
                 std::size_t number);
  void on_poll(Readiness readiness) override;
  [[nodiscard]] bool has_met_itself(const Address& local) const;

  Poller& poller_;
  Descriptor socket_;
  Address address_;
  Owner& owner_;
  std::size_t number_;
};

}  // namespace spillway
