// Wire bytes that were accepted but that the operating system has not taken.
#pragma once

#include <spillway/byte_buffer.hpp>
#include <spillway/bytes.hpp>

#include <cstddef>

namespace spillway {

/// At most one partly written send, always at the head because a send is accepted only when
/// nothing is pending, and behind it protocol bytes that layers emitted by themselves (SC-9).
class PendingWrites {
 public:
  /// Room for what is left of a send and some answers of layers behind it, at once: grown piece by
  /// piece it would be twice as much.
  void reserve_send(std::size_t size) {
    constexpr std::size_t answers = 512;
    bytes_.prepare(size + answers);
  }
  /// What is left of a send. REQUIRES: empty(), or holding only parts of the same send.
  void append_send(Bytes rest) {
    bytes_.append(rest);
    send_left_ += rest.size();
  }
  void append_protocol(Bytes bytes) { bytes_.append(bytes); }

  [[nodiscard]] Bytes data() const { return bytes_.data(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  [[nodiscard]] std::size_t protocol_size() const { return bytes_.size() - send_left_; }
  /// True until the send's own last byte was consumed, whatever waits behind it (SC-12).
  [[nodiscard]] bool holds_send() const { return send_left_ > 0; }

  void consume(std::size_t size) {
    bytes_.consume(size);
    send_left_ -= size < send_left_ ? size : send_left_;
  }
  void drop() {
    bytes_.clear();
    send_left_ = 0;
    bytes_.release();
  }
  /// A slow moment is over: its memory is not kept for the next one. REQUIRES: empty().
  void release() { bytes_.release(); }

 private:
  ByteBuffer bytes_;
  std::size_t send_left_ = 0;
};

}  // namespace spillway
