// Private keys that are not private.
#pragma once

#include "daemon/config/config.hpp"

#include <string>
#include <vector>

namespace spillway::config {

/// A key file that every user of the machine may read, or more.
struct ExposedKey {
  std::string file;
  unsigned mode;  // of the file itself: where a link leads
};

/// Of all routes, each file once, as they are now. Of a file that is not there nothing is said.
std::vector<ExposedKey> exposed_keys(const Config& config);

/// "0644".
std::string mode_of(const ExposedKey& key);
/// What is wrong and what mends it: "every user of this machine ...: chmod 640 feed.key ...".
std::string words_for(const ExposedKey& key);

}  // namespace spillway::config
