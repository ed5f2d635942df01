// What the process as a whole needs before anything else.
#pragma once

namespace spillway::server {

/// Call first in main. Ignores SIGPIPE: a peer that is gone is an error of the write, and log lines
/// to a closed pipe are nobody's. Fills standard descriptors that were closed, so that no socket
/// takes the place of standard error. Raises the limit of open descriptors to what is allowed: each
/// relayed session takes two.
void prepare_process();

}  // namespace spillway::server
