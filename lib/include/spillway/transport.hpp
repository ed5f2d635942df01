// The byte stream under a connection, and the seam where tests put a scripted one.
#pragma once

#include <spillway/bytes.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace spillway {

enum class IoStatus {
  /// Everything asked for was done (a read got at least one byte, a write took all bytes).
  done,
  /// No more can be done until the transport says that it is ready again. `bytes` may be > 0 for
  /// a write.
  would_block,
  /// Only for reads: the peer ended its sending side; `bytes` is 0.
  end_of_stream,
  /// The stream is lost; `error` says why. For a write, `bytes` counts what was taken before.
  failed,
};

struct IoResult {
  std::size_t bytes = 0;
  IoStatus status = IoStatus::done;
  boost::system::error_code error = {};
};

/// What a transport is ready for. More than one can be true at once.
struct Readiness {
  bool readable = false;
  bool writeable = false;
  /// The stream is broken or hung up in both directions. Reported whatever is watched.
  bool failed = false;
};

/// What a connection wants to be told about.
struct Interest {
  bool readable = false;
  bool writeable = false;
  bool operator==(const Interest&) const = default;
};

/// Hears from a transport when it is ready. Level-triggered: told again while it stays true. The
/// application's callbacks run inside: never to be called from inside a call to the transport.
class TransportObserver {
 public:
  virtual void on_ready(Readiness readiness) = 0;

 protected:
  ~TransportObserver() = default;
};

/// A connected byte stream that never blocks.
///
/// This is how connections meet a readiness-based system. Nothing in `Connection` promises
/// readiness to an application, so a completion-based system would replace this seam and leave
/// the application's view as it is (SC-32).
class Transport {
 public:
  /// Destroying a transport that was not closed aborts it.
  virtual ~Transport() = default;

  /// Called once, before anything else. The observer outlives the transport, or the transport is
  /// closed first. Nothing is watched yet.
  virtual void attach(TransportObserver& observer) = 0;

  /// Sets what the observer is told about. Takes effect at once: no readiness that is not wanted
  /// any more is reported (except `failed`).
  virtual void watch(Interest interest) = 0;

  /// Reads into `into`, at most its size. REQUIRES: `into` is not empty.
  virtual IoResult read(std::span<std::byte> into) = 0;

  /// Writes the buffers as one gather write as far as the system takes them. `done` with fewer
  /// bytes than offered (but not none) means: call again with the rest.
  virtual IoResult write(BufferList buffers) = 0;

  /// Bytes that were written and that the peer's system has not acknowledged yet, as far as the
  /// system tells; 0 where it does not, and once closed.
  [[nodiscard]] virtual std::size_t unacknowledged_bytes() const { return 0; }

  /// Takes the error that `Readiness::failed` speaks of; none if the stream only hung up.
  virtual boost::system::error_code take_error() = 0;

  /// Ends the sending side (FIN) behind everything written.
  virtual void shutdown_send() = 0;

  /// Closes in peace: what the system took is still delivered. No more calls to the observer.
  virtual void close() noexcept = 0;

  /// Closes so that the peer sees a reset and never a clean end. No more calls to the observer.
  virtual void abort() noexcept = 0;

  /// Addresses as text for people ("127.0.0.1:7007", "[::1]:7007", "unix:/run/x.sock"); empty
  /// where there is none.
  [[nodiscard]] virtual std::string local_address() const = 0;
  [[nodiscard]] virtual std::string peer_address() const = 0;
};

}  // namespace spillway
