// How a session ended.
#pragma once

#include <cstdint>
#include <string_view>

namespace spillway::proxy {

/// Who ended it; `admin` is a person, by the admin address.
enum class Ender : std::uint8_t { client, upstream, proxy, overflow, timeout, drain, admin };

/// How far the session had come.
enum class Phase : std::uint8_t { handshake, connect, data };

/// Settled once, by the first cause.
struct End {
  /// For a clean end: who ended its sending side first.
  Ender by;
  /// A literal.
  std::string_view reason;
  /// "--" for a clean end: both sides ended and had everything. A literal.
  std::string_view code;

  [[nodiscard]] bool is_clean() const { return code == "--"; }
};

std::string_view to_string(Ender ender);

End clean_end(Ender first);
/// The code is the ender's letter and the phase's, in the manner of HAProxy's termination state.
End cut_short(Ender by, Phase phase, std::string_view reason);

}  // namespace spillway::proxy
