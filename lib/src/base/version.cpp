#include <spillway/version.hpp>

#include <boost/version.hpp>

namespace spillway {

std::string_view library_version() { return SPILLWAY_VERSION; }

std::string boost_version() {
  return std::to_string(BOOST_VERSION / 100'000) + '.' +
         std::to_string(BOOST_VERSION / 100 % 1000) + '.' + std::to_string(BOOST_VERSION % 100);
}

}  // namespace spillway
