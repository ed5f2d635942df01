// From a host's name to its addresses.
#pragma once

#include <spillway/address.hpp>
#include <spillway/endpoint.hpp>

#include <boost/system/result.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace spillway {

class EventLoop;

struct ResolveError {
  /// The resolver's words ("Name or service not known").
  std::string message;
};

using ResolveResult = boost::system::result<std::vector<Address>, ResolveError>;

/// Looks names up without blocking a loop.
class Resolver {
 public:
  /// One look-up. Destroying it cancels it: its handler is not called any more. The resolver
  /// outlives it.
  class Query {
   public:
    virtual ~Query() = default;
  };

  virtual ~Resolver() = default;

  /// Calls `handler` once on the loop, never from inside this call, with at least one address or
  /// an error. Addresses come in the order of the system's preference (RFC 6724).
  [[nodiscard]] virtual std::unique_ptr<Query> resolve(
      EventLoop& loop, const HostPort& target, std::function<void(ResolveResult)> handler) = 0;
};

/// The system's resolver (getaddrinfo), on threads of its own. Literal addresses need no thread.
/// Thread-safe; one may serve many loops. Its destructor waits for look-ups that are under way.
std::unique_ptr<Resolver> system_resolver();

[[noreturn]] void throw_exception_from_error(const ResolveError& error,
                                             const boost::source_location& where);

}  // namespace spillway
