#include "daemon/server/admin/responses.hpp"

#include <utility>

namespace spillway::server::admin {

namespace {

beast::string_view view(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

Response respond(http::status status, std::string_view type, std::string body) {
  Response response(status, 11);
  response.set(http::field::content_type, view(type));
  response.set(http::field::cache_control, "no-store");
  response.set("Content-Security-Policy",
               "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
               "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  response.set("Referrer-Policy", "no-referrer");
  response.set("X-Content-Type-Options", "nosniff");
  response.body() = std::move(body);
  return response;
}

Response say(http::status status, const std::string& words) {
  return respond(status, plain_text, words + '\n');
}

Response refuse_method(std::string_view allowed) {
  Response response =
      say(http::status::method_not_allowed, "this takes " + std::string(allowed) + " alone");
  response.set(http::field::allow, view(allowed));
  return response;
}

Response unanswered(const std::vector<std::size_t>& silent) {
  std::string words;
  for (const std::size_t loop : silent) {
    words += (words.empty() ? "" : ", ") + std::to_string(loop);
  }
  return say(http::status::service_unavailable,
             (silent.size() == 1 ? "event loop " : "event loops ") + words +
                 (silent.size() == 1 ? " does not answer" : " do not answer"));
}

}  // namespace spillway::server::admin
