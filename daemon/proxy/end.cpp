#include "daemon/proxy/end.hpp"

#include <cstddef>

namespace spillway::proxy {

namespace {

// By ender and phase, two letters each, in the order of their enumerators.
constexpr std::string_view cut_codes =
    "CHCCCD"
    "SHSCSD"
    "PHPCPD"
    "OHOCOD"
    "THTCTD"
    "DHDCDD"
    "KHKCKD";

}  // namespace

std::string_view to_string(Ender ender) {
  switch (ender) {
    case Ender::client:
      return "client";
    case Ender::upstream:
      return "upstream";
    case Ender::proxy:
      return "proxy";
    case Ender::overflow:
      return "overflow";
    case Ender::timeout:
      return "timeout";
    case Ender::drain:
      return "drain";
    case Ender::admin:
      break;
  }
  return "admin";
}

End clean_end(Ender first) { return {first, "ended", "--"}; }

End cut_short(Ender by, Phase phase, std::string_view reason) {
  const std::size_t row = static_cast<std::size_t>(by) * 3;
  return {by, reason, cut_codes.substr((row + static_cast<std::size_t>(phase)) * 2, 2)};
}

}  // namespace spillway::proxy
