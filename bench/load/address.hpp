// Where to listen and whom to call: an IPv4 address with a port.
#pragma once

#include <netinet/in.h>

#include <optional>
#include <string>

namespace load {

class Address {
 public:
  /// Nothing, unless `text` is like 127.0.0.1:7443.
  static std::optional<Address> parse(const std::string& text);

  [[nodiscard]] bool is_set() const { return address_.sin_port != 0; }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  [[nodiscard]] socklen_t size() const { return sizeof address_; }
  [[nodiscard]] std::string text() const;

 private:
  sockaddr_in address_{};
};

}  // namespace load
