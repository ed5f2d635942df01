// One configuration file while it is being read.
#pragma once

#include "daemon/config/fault.hpp"
#include "daemon/config/finding.hpp"
#include "daemon/config/places.hpp"

#include <filesystem>
#include <string>
#include <utility>

namespace spillway::config {

/// What the readers of all parts share: where they note places and faults.
struct Reading {
  std::filesystem::path folder;  // absolute; relative paths of the file start here
  Places places;
  Faults faults;
  std::string route;  // the route being read; empty outside of routes

  void fault(Finding finding) {
    faults.push_back({places.file(), finding.place.line, finding.place.column, route,
                      std::move(finding.message)});
  }
};

}  // namespace spillway::config
