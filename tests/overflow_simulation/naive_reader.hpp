// Where the messages of a stream end, found in the simplest way.
#pragma once

#include "daemon/config/config.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::overflow_simulation {

/// Keeps the whole stream and looks at all of a message again when more of it comes. With framing
/// `none` each piece is a message.
class NaiveReader {
 public:
  enum class Bad { too_big, bad_length };

  NaiveReader(const config::Framing& framing, std::size_t max_message)
      : framing_(framing), max_message_(max_message) {}

  /// Returns the places in the stream in which messages ended, up to a bad one. Not to be called
  /// after a bad one.
  std::vector<std::size_t> read(std::string_view piece);

  [[nodiscard]] std::optional<Bad> bad() const { return bad_; }
  [[nodiscard]] const std::string& stream() const { return stream_; }
  /// Where the message begins that has not ended.
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] bool in_message() const { return begin_ < stream_.size(); }

 private:
  /// The size of what `left` begins with, if that much of it is there.
  std::optional<std::size_t> first_of(std::string_view left);
  std::optional<std::size_t> first_ended_by(std::string_view end, std::string_view left);
  std::optional<std::size_t> first_of(const config::LengthPrefixFraming& prefix,
                                      std::string_view left);

  config::Framing framing_;
  std::size_t max_message_;
  std::string stream_;
  std::size_t begin_ = 0;
  std::size_t searched_ = 0;  // of the message that has not ended, where no end begins
  std::optional<Bad> bad_;
};

}  // namespace spillway::overflow_simulation
