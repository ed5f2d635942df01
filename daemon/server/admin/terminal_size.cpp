#include "daemon/server/admin/terminal_size.hpp"

#include <sys/ioctl.h>

namespace spillway::server::admin {

std::optional<TerminalSize> terminal_size(int descriptor) {
  winsize window{};
  if (::ioctl(descriptor, TIOCGWINSZ, &window) != 0) return std::nullopt;
  if (window.ws_row == 0 || window.ws_col == 0) return TerminalSize{24, 80};
  return TerminalSize{window.ws_row, window.ws_col};
}

}  // namespace spillway::server::admin
