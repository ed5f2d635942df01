// What the process as a whole needs before anything else.
#pragma once

#include <cstddef>

namespace spillway::server {

/// Call first in main. Ignores SIGPIPE: a peer that is gone is an error of the write, and log lines
/// to a closed pipe are nobody's. Fills standard descriptors that were closed, so that no socket
/// takes the place of standard error. Raises the limit of open descriptors to what is allowed: each
/// relayed session takes two.
void prepare_process();

/// How many descriptors there may be when a client or a server is connected: all but a few, which
/// are for those who ask by the admin address, for reloads and for the log, just when clients have
/// taken all the others. 0 = no bound.
std::size_t descriptors_for_sessions();

}  // namespace spillway::server
