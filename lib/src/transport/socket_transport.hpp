// A transport over a connected stream socket.
#pragma once

#include "transport/descriptor.hpp"
#include "transport/ends.hpp"
#include "transport/permit.hpp"
#include "transport/poller.hpp"

#include <spillway/address.hpp>
#include <spillway/bytes.hpp>
#include <spillway/transport.hpp>

#include <boost/system/result.hpp>

#include <memory>
#include <string>

namespace spillway {

/// A connected socket and who is at its ends.
struct ConnectedSocket {
  Descriptor descriptor;
  Address local;
  Address peer;
};

/// Reads and writes the socket directly; nothing is buffered here. The poller outlives it.
class SocketTransport final : public Transport, private Pollable {
 public:
  /// Fails only for want of the system's resources. The transport keeps `permit` until it is
  /// destroyed.
  static boost::system::result<std::unique_ptr<SocketTransport>> make(Poller& poller,
                                                                      ConnectedSocket socket,
                                                                      Permit permit = {});
  /// For a socket that the poller watches already: what it finds is the transport's from now on,
  /// and no longer `from`'s.
  static std::unique_ptr<SocketTransport> take_over(Poller& poller, ConnectedSocket socket,
                                                    Pollable& from);
  ~SocketTransport() override;

  void attach(TransportObserver& observer) override;
  void watch(Interest interest) override;
  IoResult read(std::span<std::byte> into) override;
  IoResult write(BufferList buffers) override;
  [[nodiscard]] std::size_t unacknowledged_bytes() const override;
  boost::system::error_code take_error() override;
  void shutdown_send() override;
  void close() noexcept override;
  void abort() noexcept override;
  [[nodiscard]] std::string local_address() const override;
  [[nodiscard]] std::string peer_address() const override;

 private:
  SocketTransport(Poller& poller, ConnectedSocket socket, Permit permit);
  void on_poll(Readiness readiness) override;
  void foresee() const override;
  IoResult write_one(Bytes buffer);
  void discard_unread() noexcept;
  void release() noexcept;

  Permit permit_;  // first, so that it is returned last: by then the descriptor is closed
  Poller& poller_;
  TransportObserver* observer_ = nullptr;
  Ends ends_;
  Descriptor socket_;
  // What the poller knows. It starts with what nearly every connection watches first.
  Interest registered_{.readable = true};
  bool is_watched_ = false;  // whether watch() was called
  bool at_end_ = false;      // everything that the peer sent was read
};

}  // namespace spillway
