// What a send returns: a token or an error, and no third thing.
#pragma once

#include <boost/system/result.hpp>

#include <compare>
#include <cstdint>
#include <string_view>

namespace spillway {

/// Stands for one accepted send. Ids start at 1 and grow by one per accepted send of one
/// connection (SC-6); tokens of different connections do not compare meaningfully. Only a
/// connection makes tokens.
///
/// A token that comes back in `on_sent` means: the operating system took the bytes. It does not
/// mean that the peer has them.
class SendToken {
 public:
  [[nodiscard]] std::uint64_t id() const { return id_; }
  auto operator<=>(const SendToken&) const = default;

 private:
  friend class SendLedger;
  explicit SendToken(std::uint64_t id) : id_(id) {}

  std::uint64_t id_;
};

/// Why a send was refused. A refused send sent nothing, used up no token and causes no callback
/// (SC-5).
enum class SendError {
  /// Not connected yet, closing or closed. Permanent: nothing heals it on this connection (SC-2).
  NotConnected,
  /// Open, but a layer is not ready (TLS handshake running). Retry from `on_started`,
  /// `on_connected` or `on_tls_started` (SC-3).
  NotReady,
  /// Open and ready, but earlier bytes still wait for the operating system. Retry from
  /// `on_unthrottled` (SC-4).
  NotWriteable,
};

std::string_view to_string(SendError error);

/// `result->id()` of an accepted send, `result.error()` of a refused one.
using SendResult = boost::system::result<SendToken, SendError>;

/// What `SendResult::value()` throws when the send was refused: std::logic_error.
[[noreturn]] void throw_exception_from_error(SendError error, const boost::source_location& where);

}  // namespace spillway
