// The library's enumerations in words, and what their results throw.
#include <spillway/close_reason.hpp>
#include <spillway/connection.hpp>
#include <spillway/send.hpp>

#include <stdexcept>
#include <string>

namespace spillway {

std::string_view to_string(SendError error) {
  switch (error) {
    case SendError::NotConnected:
      return "not connected";
    case SendError::NotReady:
      return "not ready";
    case SendError::NotWriteable:
      return "not writeable";
  }
  return "unknown";
}

std::string_view to_string(StartTlsError error) {
  switch (error) {
    case StartTlsError::NotConnected:
      return "not connected";
    case StartTlsError::NotReady:
      return "not ready";
    case StartTlsError::NotWriteable:
      return "not writeable";
    case StartTlsError::UndeliveredBytes:
      return "received bytes are not delivered yet";
  }
  return "unknown";
}

std::string_view to_string(CloseReason reason) {
  switch (reason) {
    case CloseReason::closed:
      return "closed";
    case CloseReason::linger_timeout:
      return "linger_timeout";
    case CloseReason::hard_closed:
      return "hard_closed";
    case CloseReason::reset:
      return "reset";
    case CloseReason::timed_out:
      return "timed_out";
    case CloseReason::truncated:
      return "truncated";
    case CloseReason::layer_failed:
      return "layer_failed";
    case CloseReason::io_error:
      return "io_error";
  }
  return "unknown";
}

std::string_view to_string(FailureReason reason) {
  switch (reason) {
    case FailureReason::resolve_failed:
      return "resolve_failed";
    case FailureReason::refused:
      return "refused";
    case FailureReason::unreachable:
      return "unreachable";
    case FailureReason::connect_timeout:
      return "connect_timeout";
    case FailureReason::handshake_timeout:
      return "handshake_timeout";
    case FailureReason::peer_ended:
      return "peer_ended";
    case FailureReason::reset:
      return "reset";
    case FailureReason::layer_failed:
      return "layer_failed";
    case FailureReason::cancelled:
      return "cancelled";
    case FailureReason::io_error:
      return "io_error";
  }
  return "unknown";
}

void throw_exception_from_error(SendError error, const boost::source_location&) {
  throw std::logic_error("send refused: " + std::string(to_string(error)));
}

void throw_exception_from_error(StartTlsError error, const boost::source_location&) {
  throw std::logic_error("start_tls refused: " + std::string(to_string(error)));
}

}  // namespace spillway
