// From a configuration file to a Config.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/environment.hpp"
#include "daemon/config/fault.hpp"
#include "daemon/config/tls_contexts.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace spillway::config {

/// A Config that holds in itself and whose certificates load, or every fault of the file in the
/// order of its lines; then there is at least one.
using LoadResult = boost::system::result<Config, Faults>;

/// Reads and checks the YAML file at `path`. Bounded in time and memory whatever the file holds.
/// `contexts` has the TLS contexts of what was loaded.
LoadResult load(const std::string& path, TlsContexts& contexts,
                const Environment& environment = process_environment());

/// Where the file's admin address is, if it has one; or the faults of that alone. Whatever else the
/// file says is passed over: who asks a running daemon need not be able to read its certificates.
boost::system::result<Admin, Faults> load_admin(
    const std::string& path, const Environment& environment = process_environment());

/// The version of yaml-cpp in use.
std::string_view yaml_version();

[[noreturn]] void throw_exception_from_error(const Faults& faults,
                                             const boost::source_location& where);

}  // namespace spillway::config
