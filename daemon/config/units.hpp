// Numbers with units: durations and sizes, as people write them.
#pragma once

#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace spillway::config {

/// What is wrong with a number, to be read behind it: "needs a unit: write `10s`, ...".
struct UnitError {
  std::string message;
};

/// A whole number and ms, s, m or h: "250ms", "10s", "0s". At most ten years.
boost::system::result<std::chrono::milliseconds, UnitError> parse_duration(std::string_view text);

/// A whole number and B, KiB, MiB or GiB: "64KiB"; or a bare 0. At most 1 TiB.
boost::system::result<std::size_t, UnitError> parse_size(std::string_view text);

/// The shortest exact form that `parse_duration` reads: "90s", "2m", "0s".
std::string to_string(std::chrono::milliseconds duration);

/// The shortest exact form that `parse_size` reads: "64KiB".
std::string size_to_string(std::size_t bytes);

/// In the largest unit and rounded up to a tenth of it, for people: "20.5GiB".
std::string rounded_size(std::size_t bytes);

[[noreturn]] void throw_exception_from_error(const UnitError& error,
                                             const boost::source_location& where);

}  // namespace spillway::config
