#include "daemon/config/print.hpp"

#include "daemon/config/units.hpp"
#include "daemon/config/words.hpp"

#include <vector>

namespace spillway::config {

namespace {

// Without framing, a message is what one read takes from a socket.
constexpr std::size_t largest_message = 256 * 1024;
// Left of the send in which a peer that was fast until then stalls; later ones are cut to 64 KiB.
constexpr std::size_t partly_written_send = 272 * 1024;

// The read buffer is the event loop's, not the session's.
std::size_t worst_case_memory(const Overflow& overflow) {
  return overflow.queue + largest_message + partly_written_send;
}

std::string list(const std::vector<Endpoint>& endpoints) {
  std::string text;
  for (const Endpoint& endpoint : endpoints) {
    text += (text.empty() ? "" : ", ") + to_string(endpoint);
  }
  return text;
}

std::string print_tls(const std::optional<Tls>& tls) {
  if (!tls) return "plain TCP";
  std::string text = "TLS " + std::string(word_for(tls_versions, tls->min_version)) + "+ ";
  if (tls->self_signed) return text + "(self-signed)";
  std::string files;
  for (const CertificateFiles& certificate : tls->certificates) {
    files += (files.empty() ? "" : ", ") + certificate.cert;
  }
  return text + '(' + files + ')';
}

std::string print_overflow(std::string_view direction, const Overflow& overflow) {
  return "; " + std::string(direction) + ": " +
         std::string(word_for(overflow_policies, overflow.policy)) + ", queue " +
         size_to_string(overflow.queue);
}

std::string print_route(const Route& route) {
  std::string text = "route \"" + route.name + "\": " + list(route.listen) + ", " +
                     print_tls(route.tls) + " -> " +
                     (route.upstream ? list(route.upstream->servers) : "echo") +
                     print_overflow("to_client", route.to_client);
  if (route.upstream) text += print_overflow("to_upstream", route.to_upstream);
  return text + "; at most " + size_to_string(worst_case_memory(route)) + " of data per session";
}

}  // namespace

std::size_t worst_case_memory(const Route& route) {
  const std::size_t to_client = worst_case_memory(route.to_client);
  return route.upstream ? to_client + worst_case_memory(route.to_upstream) : to_client;
}

std::string print(const Config& config, std::string_view file) {
  std::string text;
  for (const Route& route : config.routes) text += print_route(route) + '\n';
  return text + std::string(file) + ": ok\n";
}

}  // namespace spillway::config
