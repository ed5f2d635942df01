#include "bench/load/arguments.hpp"
#include "bench/load/failure.hpp"
#include "bench/load/run.hpp"

#include <sys/resource.h>

#include <cstdlib>
#include <iostream>

namespace {

using load::Arguments;

/// Each connection takes two descriptors: both its ends are here.
void allow_descriptors(const Arguments& arguments) {
  std::size_t needed = 64;
  for (const load::Group& group : arguments.groups) needed += 2 * group.connections;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed) return;
  throw load::Failure("these groups take " + std::to_string(needed) + " descriptors, and only " +
                      std::to_string(limit.rlim_cur) + " are allowed: raise `ulimit -Hn`");
}

int run(const Arguments& arguments) {
  if (arguments.help) {
    std::cout << load::usage;
    return 0;
  }
  allow_descriptors(arguments);
  load::Run run(arguments);
  std::cout << run.complete().json() << std::endl;
  std::_Exit(0);  // the kernel closes thousands of connections faster than their destructors
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(Arguments::parse({argv + 1, argv + argc}));
  } catch (const load::WrongUsage& fault) {
    std::cerr << "bench_load: " << fault.what() << "\n";
    return 2;
  } catch (const load::Failure& failure) {
    std::cerr << "bench_load: " << failure.what() << "\n";
    return 1;
  }
}
