// What is asked of a number of equal connections.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace load {

enum class Kind { download, echo, pingpong, handshake, resume, churn, idle, stalled };

constexpr std::array<std::string_view, 8> kind_names{"download", "echo",  "pingpong", "handshake",
                                                     "resume",   "churn", "idle",     "stalled"};

constexpr std::string_view name(Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

struct Group {
  Kind kind{};
  std::size_t connections = 0;
  std::size_t bytes = 0;  // of a piece or message, if the kind has any

  /// KIND:CONNECTIONS[:BYTES]. THROWS: WrongUsage.
  static Group parse(const std::string& text);
  [[nodiscard]] std::string text() const;
};

}  // namespace load
