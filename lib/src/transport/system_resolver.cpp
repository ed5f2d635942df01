#include "transport/look_up.hpp"
#include "transport/threaded_resolver.hpp"

#include <spillway/resolver.hpp>

#include <boost/throw_exception.hpp>

#include <memory>
#include <stdexcept>

namespace spillway {

std::unique_ptr<Resolver> system_resolver() { return std::make_unique<ThreadedResolver>(look_up); }

void throw_exception_from_error(const ResolveError& error, const boost::source_location& where) {
  boost::throw_exception(std::runtime_error(error.message), where);
}

}  // namespace spillway
