#include "bench/load/address.hpp"

#include "bench/load/number.hpp"

#include <arpa/inet.h>

#include <array>

namespace load {

std::optional<Address> Address::parse(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto port = number<std::uint16_t>(std::string_view(text).substr(colon + 1));
  if (!port || *port == 0) return std::nullopt;
  Address result;
  result.address_.sin_family = AF_INET;
  result.address_.sin_port = htons(*port);
  const std::string host = text.substr(0, colon);
  if (inet_pton(AF_INET, host.c_str(), &result.address_.sin_addr) != 1) return std::nullopt;
  return result;
}

std::string Address::text() const {
  std::array<char, INET_ADDRSTRLEN> host{};
  inet_ntop(AF_INET, &address_.sin_addr, host.data(), host.size());
  return std::string(host.data()) + ":" + std::to_string(ntohs(address_.sin_port));
}

}  // namespace load
