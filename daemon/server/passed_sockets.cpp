#include "daemon/server/passed_sockets.hpp"

#include "daemon/server/take_variable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace spillway::server {

namespace {

constexpr int first_descriptor = 3;              // SD_LISTEN_FDS_START
constexpr int most_descriptors = 4096;           // more than any unit has
constexpr std::string_view no_name = "unknown";  // as systemd calls them

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The part before the next colon, which is taken from `names` too.
std::string next_name(std::string_view& names) {
  const std::size_t end = std::min(names.find(':'), names.size());
  const std::string name(names.substr(0, end));
  names.remove_prefix(std::min(end + 1, names.size()));
  return name.empty() ? std::string(no_name) : name;
}

}  // namespace

PassedSockets PassedSockets::take() {
  const auto process = number(take_variable("LISTEN_PID"));
  const auto count = number(take_variable("LISTEN_FDS"));
  const std::string names = take_variable("LISTEN_FDNAMES");
  PassedSockets passed;
  if (!process || *process != ::getpid() || !count) return passed;
  std::string_view rest = names;
  for (int i = 0; i < std::min(*count, most_descriptors); ++i) {
    const int descriptor = first_descriptor + i;
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    passed.by_name_[next_name(rest)].push_back(descriptor);
  }
  return passed;
}

const std::vector<int>& PassedSockets::named(std::string_view name) const {
  static const std::vector<int> none;
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? none : found->second;
}

std::vector<std::string> PassedSockets::unused(const std::vector<config::Route>& routes) const {
  std::vector<std::string> names;
  for (const auto& [name, descriptors] : by_name_) {
    const config::ListenAddress address = config::PassedByName{name};
    const bool is_used = std::ranges::any_of(routes, [&address](const config::Route& route) {
      return std::ranges::find(route.listen, address) != route.listen.end();
    });
    if (!is_used) names.push_back(name);
  }
  return names;
}

std::string PassedSockets::names() const {
  if (by_name_.empty()) return "it passed none";
  std::string text;
  for (const auto& [name, descriptors] : by_name_) text += (text.empty() ? "" : ", ") + name;
  return "it passed " + text;
}

}  // namespace spillway::server
