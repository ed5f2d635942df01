// The operating system under a simulated connection.
#pragma once

#include "tests/simulation/fault.hpp"
#include "tests/simulation/verdict.hpp"

#include <spillway/byte_buffer.hpp>
#include <spillway/transport.hpp>

#include <boost/system/errc.hpp>

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

namespace spillway::simulation {

/// A socket that does as it is told, in the manner of Linux: it is full after so many bytes, hands
/// out what came before a reset first, reports failures whatever is watched, and a failure that
/// nobody watches once. It holds the connection to the transport's contract. Outlives the
/// transport that it makes.
class Socket {
 public:
  static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
  using Error = boost::system::errc::errc_t;

  explicit Socket(Verdict& verdict, Fault fault = Fault::none) : verdict_(verdict), fault_(fault) {}

  /// To be called once.
  std::unique_ptr<Transport> transport();

  /// Called when the connection ends its sending side.
  void on_fin(std::function<void()> call) { on_fin_ = std::move(call); }

  // What the system does with writes.
  void make_room(std::size_t bytes) {
    if (!write_error_) room_ = bytes;
  }
  void limit_writes(std::size_t per_call) { write_limit_ = per_call; }
  /// Takes `more` bytes and then fails every write, without a word about it before.
  void break_writes(Error error, std::size_t more);

  // What the peer does.
  void receive(Bytes bytes) { input_.append(bytes); }
  void limit_reads(std::size_t per_call) { read_limit_ = per_call; }
  void end_input() { ended_ = true; }
  /// A reset or the like: what was received before can still be read.
  void fail(Error error);

  /// Tells what the connection waits for and what is true, as far as `look_at` wants it. False if
  /// there was nothing to tell.
  bool poll(Interest look_at = {.readable = true, .writeable = true});

  /// Says that everything waited for is possible, true or not: what is ready may be taken by
  /// somebody else before the connection gets there.
  void poll_in_vain();

  // What the connection did.
  ByteBuffer& output() { return output_; }
  [[nodiscard]] std::size_t bytes_written() const { return written_; }
  [[nodiscard]] std::size_t bytes_read() const { return read_; }
  [[nodiscard]] bool write_blocked() const { return write_blocked_; }
  [[nodiscard]] bool has_unread() const { return !input_.empty(); }
  [[nodiscard]] bool read_end() const { return read_end_; }
  /// The error that the connection was told.
  [[nodiscard]] const std::optional<boost::system::error_code>& told_error() const {
    return told_error_;
  }
  [[nodiscard]] Interest interest() const { return interest_; }
  [[nodiscard]] bool attached() const { return attached_; }
  [[nodiscard]] bool fin() const { return fin_; }
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] bool aborted() const { return aborted_; }
  [[nodiscard]] bool over() const { return closed_ || aborted_; }
  [[nodiscard]] bool destroyed() const { return destroyed_; }

 private:
  class End;

  [[nodiscard]] Readiness readiness() const;
  IoResult read(std::span<std::byte> into);
  IoResult write(BufferList buffers);
  void take(Bytes bytes);
  void stop(bool& how);

  Verdict& verdict_;
  Fault fault_;
  std::function<void()> on_fin_;
  TransportObserver* observer_ = nullptr;
  Interest interest_;
  bool told_unwatched_failure_ = false;

  ByteBuffer input_;
  bool ended_ = false;
  std::optional<boost::system::error_code> input_error_;
  std::optional<boost::system::error_code> write_error_;
  std::size_t room_ = unlimited;
  std::size_t write_limit_ = unlimited;
  std::size_t read_limit_ = unlimited;

  ByteBuffer output_;
  std::size_t written_ = 0;
  std::size_t read_ = 0;
  bool write_blocked_ = false;
  bool read_end_ = false;
  bool read_failed_ = false;
  std::optional<boost::system::error_code> told_error_;
  bool attached_ = false;
  bool fin_ = false;
  bool closed_ = false;
  bool aborted_ = false;
  bool destroyed_ = false;
};

}  // namespace spillway::simulation
