// Keeps web pages of others from using a person's browser against the admin address.
#pragma once

#include "daemon/server/admin/http.hpp"

#include <optional>
#include <string>

namespace spillway::server::admin {

/// Why the request is refused; none if it is not. A browser says on whose behalf it asks, unless it
/// believes that this is the page's own server (DNS rebinding): then the host's name gives it away,
/// as people go to an admin address by a literal address or `localhost`.
std::optional<std::string> refusal_of_origin(const Request& request);

/// `localhost`, or a literal address; with a port or without.
bool is_literal_host(std::string_view host);

}  // namespace spillway::server::admin
