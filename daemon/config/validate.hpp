// Whether the values of a Config fit each other and the files that they name.
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/fault.hpp"
#include "daemon/config/places.hpp"
#include "daemon/config/tls_contexts.hpp"

namespace spillway::config {

/// Every fault between values, and every fault of the certificate files, told at the places of the
/// file that the configuration came from, if there is one. What was told while reading is not told
/// again.
Faults validate(const Config& config, TlsContexts& contexts, const Places& places = {});

}  // namespace spillway::config
