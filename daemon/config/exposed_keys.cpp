#include "daemon/config/exposed_keys.hpp"

#include <sys/stat.h>

#include <array>
#include <charconv>
#include <set>

namespace spillway::config {

std::vector<ExposedKey> exposed_keys(const Config& config) {
  std::set<std::string> files;
  for (const Route& route : config.routes) {
    if (!route.tls) continue;
    for (const CertificateFiles& each : route.tls->certificates) files.insert(each.key);
  }
  std::vector<ExposedKey> exposed;
  for (const std::string& file : files) {
    struct stat status {};
    // A pipe's modes say nothing of who gets at the key.
    if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    constexpr unsigned permissions = 07777;
    if ((status.st_mode & S_IRWXO) != 0) exposed.push_back({file, status.st_mode & permissions});
  }
  return exposed;
}

std::string mode_of(const ExposedKey& key) {
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), key.mode, 8).ptr;
  return '0' + std::string(digits.begin(), end);
}

std::string words_for(const ExposedKey& key) {
  return "every user of this machine can get at this private key (mode " + mode_of(key) +
         "): `chmod 640 " + key.file + "`, and let the daemon's user or group own it";
}

}  // namespace spillway::config
