#include "daemon/server/key_warnings.hpp"

#include "daemon/config/exposed_keys.hpp"

namespace spillway::server {

std::vector<observe::Event> key_warnings(const config::Config& config) {
  std::vector<observe::Event> warnings;
  for (const config::ExposedKey& key : config::exposed_keys(config)) {
    warnings.push_back(observe::Event(config::LogLevel::warning, "key_exposed")
                           .with("key", key.file)
                           .with("mode", mode_of(key))
                           .with("reason", words_for(key)));
  }
  return warnings;
}

}  // namespace spillway::server
