// Finds where messages end.
#pragma once

#include "daemon/overflow/framing.hpp"

#include <spillway/bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace spillway::overflow {

/// Walks one byte stream, fed in pieces of any size. Small and cheap to copy: a copy goes on from
/// the same place. No allocation.
class Framer {
 public:
  enum class Verdict {
    good,
    /// A message is, or says that it is, larger than max_message.
    too_big,
    /// A length that counts its own bytes is smaller than they are.
    bad_length,
  };

  struct Scan {
    std::size_t messages = 0;  // that ended
    std::size_t size = 0;      // bytes up to and including the end of the last of them
    Verdict verdict = Verdict::good;
  };

  /// `framing` outlives the framer.
  explicit Framer(const Framing& framing) : framing_(&framing) {}

  /// Goes on through `bytes` until they are at their end, or `most` messages have ended, or a
  /// message is bad. In the first case what follows the last end belongs to a message that has
  /// begun; in the second the framer stands right behind that end (`size`), whatever follows; in
  /// the third it is not to be used again. With framing `none`, `bytes` are one message. REQUIRES:
  /// `bytes` is not empty, `most` > 0.
  Scan scan(Bytes bytes, std::size_t most = std::numeric_limits<std::size_t>::max());

  [[nodiscard]] const Framing& framing() const { return *framing_; }
  /// A message has begun and not ended.
  [[nodiscard]] bool in_message() const { return seen_ > 0; }
  /// Forgets the message that has begun: the next byte starts one.
  void restart() { *this = Framer(*framing_); }

 private:
  Scan scan_by(const config::NoFraming& rule, Bytes bytes, std::size_t most);
  Scan scan_by(const config::FixedFraming& rule, Bytes bytes, std::size_t most);
  Scan scan_by(const Framing::Delimiter& rule, Bytes bytes, std::size_t most);
  Scan scan_by(const config::LengthPrefixFraming& rule, Bytes bytes, std::size_t most);
  template <typename Rule>
  Scan step_through(const Rule& rule, Bytes bytes, std::size_t most);
  Scan count_ends(std::byte end, Bytes bytes);

  Verdict advance(const Framing::Delimiter& delimiter, Bytes& left);
  Verdict advance(const config::LengthPrefixFraming& prefix, Bytes& left);
  void read_length(const config::LengthPrefixFraming& prefix, Bytes& left);
  Verdict settle_length(const config::LengthPrefixFraming& prefix);
  Bytes take(Bytes& left, std::size_t size);

  const Framing* framing_;
  // Of the message that has begun:
  std::size_t seen_ = 0;  // bytes
  // How many bytes of the delimiter the last ones seen match; or what the prefix says, as far as it
  // is seen, and then the message's size on the wire.
  std::uint64_t recognised_ = 0;
};

}  // namespace spillway::overflow
