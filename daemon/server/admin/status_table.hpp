// A daemon's standing as a table for a terminal.
#pragma once

#include "daemon/server/admin/status_view.hpp"
#include "daemon/server/admin/terminal_size.hpp"

#include <optional>
#include <string>
#include <vector>

namespace spillway::server::admin {

/// Lines, each with its end; what hurts most comes first. With an earlier view the counters are
/// what came per second since then, without one all that came since the daemon's start. With a
/// `size`, what hurts least is left out until the rest fits, the cursor below it included.
std::string status_table(StatusView now, const StatusView* before,
                         const std::vector<SuffererView>& sufferers,
                         const std::optional<TerminalSize>& size = std::nullopt);

/// As much of the text as fits, the cursor below it included.
std::string clip(const std::string& text, const TerminalSize& size);

}  // namespace spillway::server::admin
