#include "daemon/server/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace spillway::server {

void prepare_process() {
  ::signal(SIGPIPE, SIG_IGN);

  // open() takes the lowest number that is free.
  int filled = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  while (filled >= 0 && filled <= STDERR_FILENO) filled = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (filled > STDERR_FILENO) ::close(filled);

  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return;
  descriptors.rlim_cur = descriptors.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &descriptors);
}

std::size_t descriptors_for_sessions() {
  // Each client of the admin address takes one, and some are for the files that are read meanwhile.
  // Where there are few, most are for sessions still.
  constexpr rlim_t spare = 40;
  constexpr rlim_t smallest_part = 8;
  rlimit descriptors{};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0 || descriptors.rlim_cur == RLIM_INFINITY) {
    return 0;
  }
  return descriptors.rlim_cur - std::min(spare, descriptors.rlim_cur / smallest_part);
}

}  // namespace spillway::server
