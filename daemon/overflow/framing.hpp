// How a route's byte stream falls into messages.
#pragma once

#include "daemon/config/config.hpp"

#include <spillway/bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace spillway::overflow {

/// `config::Framing` made ready for framers: immutable, shared by all sessions of a route, on all
/// loops.
class Framing {
 public:
  /// `max_message` in bytes on the wire, delimiter or length included.
  Framing(const config::Framing& framing, std::size_t max_message);

  /// False for `none`: there a message is whatever one read brought.
  [[nodiscard]] bool has_messages() const;

 private:
  friend class Framer;

  /// Searches for an end in pieces, by Knuth, Morris and Pratt: no byte is needed a second time,
  /// so a piece need not outlive its search.
  class Delimiter {
   public:
    struct Found {
      std::size_t size;     // bytes of the piece up to the delimiter's end, or all of them
      std::size_t matched;  // bytes of the delimiter that these end with
    };

    explicit Delimiter(std::string bytes);

    /// Goes on from where `matched` bytes of the delimiter were found, fewer than all.
    [[nodiscard]] Found search(Bytes piece, std::size_t matched) const;
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    [[nodiscard]] std::byte last() const { return std::byte(bytes_.back()); }

   private:
    [[nodiscard]] std::size_t matched_after(std::byte next, std::size_t matched) const;

    std::string bytes_;
    // [n]: of the first n + 1 bytes, how many at their end are also their beginning.
    std::vector<std::uint8_t> borders_;
  };
  using Rule =
      std::variant<config::NoFraming, Delimiter, config::LengthPrefixFraming, config::FixedFraming>;

  static Rule rule_for(const config::Framing& framing);

  Rule rule_;
  std::size_t max_message_;
};

}  // namespace spillway::overflow
