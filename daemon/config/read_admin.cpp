#include "daemon/config/read_admin.hpp"

#include "daemon/config/admin_address.hpp"
#include "daemon/config/read_address.hpp"
#include "daemon/config/section.hpp"

#include <string_view>
#include <variant>

namespace spillway::config {

namespace {

constexpr std::string_view takes = "an address such as `127.0.0.1:9464` or `unix:admin.sock`";

std::optional<Endpoint> read_listen(const Value& value) {
  auto endpoint = read_endpoint(value, takes);
  if (!endpoint) return std::nullopt;
  const auto* address = std::get_if<HostPort>(&*endpoint);
  if (address == nullptr || is_literal(*address)) return endpoint;
  // Who may reach it must not depend on what a name means today.
  value.refuse("has a name: write an address such as `127.0.0.1:9464`");
  return std::nullopt;
}

}  // namespace

Admin read_admin(const Value& value) {
  Admin admin;
  auto section = Section::open(value, "keys such as `{listen: \"127.0.0.1:9464\"}`");
  if (!section) return admin;
  admin.listen = read_listen(section->required("listen", "listen: \"127.0.0.1:9464\""));
  section->refuse_others();
  return admin;
}

}  // namespace spillway::config
