// A daemon's standing as a table for a terminal.
#pragma once

#include "daemon/server/admin/status_view.hpp"

#include <string>
#include <vector>

namespace spillway::server::admin {

/// Lines, each with its end; what hurts most comes first. With an earlier view the counters are
/// what came per second since then, without one all that came since the daemon's start.
std::string status_table(StatusView now, const StatusView* before,
                         const std::vector<SuffererView>& sufferers);

}  // namespace spillway::server::admin
