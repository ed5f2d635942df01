#include "daemon/server/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

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

}  // namespace spillway::server
