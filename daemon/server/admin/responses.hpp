// Answers as they go out.
#pragma once

#include "daemon/server/admin/http.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::server::admin {

inline constexpr std::string_view plain_text = "text/plain; charset=utf-8";
inline constexpr std::string_view json_text = "application/json";

/// With the headers that all answers have: nothing is kept anywhere, and a browser shows nothing of
/// it within other pages, runs nothing that is not from here and asks nobody else for anything.
Response respond(http::status status, std::string_view type, std::string body);

/// One line of plain text.
Response say(http::status status, const std::string& words);

Response refuse_method(std::string_view allowed);

/// 503, naming the loops.
Response unanswered(const std::vector<std::size_t>& silent);

}  // namespace spillway::server::admin
