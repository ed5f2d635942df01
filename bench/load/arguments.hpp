// The command line.
#pragma once

#include "bench/load/address.hpp"
#include "bench/load/group.hpp"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace load {

struct Arguments {
  Address backend;
  std::vector<Address> targets;
  std::vector<Group> groups;
  std::chrono::duration<double> window{3};
  std::chrono::duration<double> warm_up{1};
  std::vector<pid_t> cpu_of;
  std::optional<std::size_t> line;
  bool plain = false;
  bool help = false;

  /// THROWS: WrongUsage.
  static Arguments parse(const std::vector<std::string>& words);
};

extern const std::string_view usage;

}  // namespace load
