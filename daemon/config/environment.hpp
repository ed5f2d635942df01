// Environment variables within values.
#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::config {

/// Looks a variable up; none where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The process's own.
Environment process_environment();

struct EnvironmentError {
  std::string message;
};

using Expanded = boost::system::result<std::string, EnvironmentError>;

/// How long a value may become.
inline constexpr std::size_t max_expanded = 64 * 1024;

/// Puts a variable's value for every `${NAME}` of `text`; `$${` stands for `${`. What a variable
/// holds is taken as it is.
Expanded expand(std::string_view text, const Environment& environment);

[[noreturn]] void throw_exception_from_error(const EnvironmentError& error,
                                             const boost::source_location& where);

}  // namespace spillway::config
