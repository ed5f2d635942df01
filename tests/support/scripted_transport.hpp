// A transport without a socket: a test says what the operating system does.
#pragma once

#include <spillway/bytes.hpp>
#include <spillway/transport.hpp>

#include <boost/system/errc.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>

namespace spillway::testing {

/// The test's end of a ScriptedTransport; outlives it.
class Wire {
 public:
  static constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

  // What the operating system will do with writes.
  /// Takes this many more bytes, then would block.
  void takes(std::size_t bytes) { room_ = bytes; }
  void blocks() { room_ = 0; }
  /// Takes at most this many bytes in one call, without being full.
  void takes_per_call(std::size_t bytes) { per_call_ = bytes; }
  /// Fails every write from now on, after what it still takes.
  void breaks(boost::system::errc::errc_t error = boost::system::errc::broken_pipe) {
    write_error_ = make_error_code(error);
  }

  /// What the peer's system has not acknowledged of what was taken.
  void keeps_unacknowledged(std::size_t bytes) { unacknowledged_ = bytes; }

  // What the peer does.
  void receives(std::string bytes) { input_.push_back({.bytes = std::move(bytes)}); }
  void ends() { input_.push_back({.end = true}); }
  void resets() {
    input_.push_back({.error = make_error_code(boost::system::errc::connection_reset)});
    write_error_ = make_error_code(boost::system::errc::connection_reset);
  }

  /// Reports what the transport is ready for, as a level-triggered poll would. True if there was
  /// anything to report.
  bool poll() {
    if (observer_ == nullptr) return false;
    const Readiness ready{
        .readable = interest_.readable && !input_.empty(),
        .writeable = interest_.writeable && (room_ > 0 || write_error_.has_value()),
        .failed =
            std::ranges::any_of(input_, [](const Input& input) { return input.error.has_value(); }),
    };
    if (!ready.readable && !ready.writeable && !(ready.failed && !failure_taken_)) return false;
    observer_->on_ready(ready);
    return true;
  }
  /// Reports exactly this, wanted or not.
  void fire(Readiness readiness) {
    if (observer_ != nullptr) observer_->on_ready(readiness);
  }

  /// What was written; `take` empties it.
  [[nodiscard]] const std::string& written() const { return written_; }
  std::string take() { return std::exchange(written_, {}); }
  /// Room for so many bytes, so that remembering them allocates nothing.
  void reserve(std::size_t bytes) { written_.reserve(bytes); }
  [[nodiscard]] int write_calls() const { return write_calls_; }
  [[nodiscard]] int read_calls() const { return read_calls_; }
  [[nodiscard]] Interest interest() const { return interest_; }
  /// The transport was ever told what to watch; before that a real one reports nothing.
  [[nodiscard]] bool watched() const { return watched_; }
  [[nodiscard]] bool attached() const { return observer_ != nullptr; }
  [[nodiscard]] bool fin() const { return fin_; }
  [[nodiscard]] bool closed() const { return closed_; }
  [[nodiscard]] bool aborted() const { return aborted_; }
  [[nodiscard]] bool destroyed() const { return destroyed_; }

 private:
  friend class ScriptedTransport;

  struct Input {
    std::string bytes = {};
    bool end = false;
    std::optional<boost::system::error_code> error = std::nullopt;
  };

  TransportObserver* observer_ = nullptr;
  Interest interest_;
  std::deque<Input> input_;
  std::size_t room_ = unlimited;
  std::size_t per_call_ = unlimited;
  std::optional<boost::system::error_code> write_error_;
  std::size_t unacknowledged_ = 0;
  std::string written_;
  int write_calls_ = 0;
  int read_calls_ = 0;
  bool watched_ = false;
  bool failure_taken_ = false;
  bool fin_ = false;
  bool closed_ = false;
  bool aborted_ = false;
  bool destroyed_ = false;
};

class ScriptedTransport final : public Transport {
 public:
  explicit ScriptedTransport(Wire& wire) : wire_(wire) {}
  ~ScriptedTransport() override {
    abort();
    wire_.destroyed_ = true;
  }

  void attach(TransportObserver& observer) override { wire_.observer_ = &observer; }
  void watch(Interest interest) override {
    expect_open();
    wire_.interest_ = interest;
    wire_.watched_ = true;
  }

  IoResult read(std::span<std::byte> into) override {
    expect_open();
    ++wire_.read_calls_;
    if (wire_.input_.empty()) return {.status = IoStatus::would_block};
    Wire::Input& next = wire_.input_.front();
    if (next.error) return {.status = IoStatus::failed, .error = *next.error};
    if (next.end) return {.status = IoStatus::end_of_stream};
    const std::size_t size = std::min(into.size(), next.bytes.size());
    std::ranges::copy(as_bytes(next.bytes).first(size), into.begin());
    next.bytes.erase(0, size);
    if (next.bytes.empty()) wire_.input_.pop_front();
    return {.bytes = size};
  }

  IoResult write(BufferList buffers) override {
    expect_open();
    ++wire_.write_calls_;
    IoResult result;
    for (const Bytes& buffer : buffers) {
      const std::size_t size =
          std::min({buffer.size(), wire_.room_, wire_.per_call_ - result.bytes});
      wire_.written_ += as_text(buffer.first(size));
      result.bytes += size;
      if (wire_.room_ != Wire::unlimited) wire_.room_ -= size;
      if (size == buffer.size()) continue;
      if (wire_.write_error_) {
        result.status = IoStatus::failed;
        result.error = *wire_.write_error_;
      } else if (wire_.room_ == 0) {
        result.status = IoStatus::would_block;
      }
      return result;
    }
    if (wire_.write_error_ && wire_.room_ == Wire::unlimited) {
      wire_.written_.resize(wire_.written_.size() - result.bytes);
      return {.status = IoStatus::failed, .error = *wire_.write_error_};
    }
    return result;
  }

  [[nodiscard]] std::size_t unacknowledged_bytes() const override {
    return wire_.attached() ? wire_.unacknowledged_ : 0;
  }

  boost::system::error_code take_error() override {
    expect_open();
    for (const Wire::Input& input : wire_.input_) {
      if (!input.error) continue;
      wire_.failure_taken_ = true;
      return *input.error;
    }
    return {};
  }

  void shutdown_send() override {
    expect_open();
    wire_.fin_ = true;
  }
  void close() noexcept override {
    if (wire_.observer_ == nullptr) return;
    wire_.observer_ = nullptr;
    wire_.closed_ = true;
  }
  void abort() noexcept override {
    if (wire_.observer_ == nullptr) return;
    wire_.observer_ = nullptr;
    wire_.aborted_ = true;
  }

  [[nodiscard]] std::string local_address() const override { return "local"; }
  [[nodiscard]] std::string peer_address() const override { return "peer"; }

 private:
  void expect_open() const {
    EXPECT_NE(wire_.observer_, nullptr) << "a call to a transport that was closed";
  }

  Wire& wire_;
};

}  // namespace spillway::testing
