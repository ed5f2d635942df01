#include "daemon/config/read_config.hpp"

#include "daemon/config/paths.hpp"
#include "daemon/config/read_admin.hpp"
#include "daemon/config/read_route.hpp"
#include "daemon/config/section.hpp"
#include "daemon/config/words.hpp"

#include <charconv>
#include <string>

namespace spillway::config {

namespace {

constexpr unsigned max_threads = 1024;
constexpr std::size_t max_memory = std::size_t{1} << 40;

unsigned read_threads(const Value& value) {
  constexpr unsigned automatic = 0;
  const std::string* text = value.text("`auto` or a number such as `4`");
  if (text == nullptr || *text == "auto") return automatic;
  unsigned count = 0;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, count);
  if (error == std::errc() && rest == end && count >= 1 && count <= max_threads) return count;
  value.refuse("is no number of threads: write `auto`, or a whole number from 1 to " +
               std::to_string(max_threads));
  return automatic;
}

void read_log_target(const Value& value, Log& log) {
  const std::string* text = value.text("`stderr`, `stdout`, `journald` or the path of a file");
  if (text == nullptr) return;
  if (const auto known = meaning(log_targets, *text)) {
    log.target = *known;
  } else if (text->empty()) {
    value.refuse("is empty: write `stderr`, `stdout`, `journald` or the path of a file");
  } else if (const auto meant = nearest(*text, texts(log_targets))) {
    // A slip of the finger would otherwise make a file of that name.
    value.refuse("is neither of the words nor clearly a file: did you mean " +
                 in_backticks(*meant) + "? Write " + in_backticks("./" + *text) + " for a file");
  } else {
    log.target = LogTarget::file;
    log.file = absolute_path(value.reading().folder, *text);
  }
}

Log read_log(const Value& value) {
  Log log;
  auto section = Section::open(value, "keys such as `{level: info, format: text}`");
  if (!section) return log;
  log.level = (*section)["level"].choice(log_levels, log.level);
  log.format = (*section)["format"].choice(log_formats, log.format);
  read_log_target((*section)["target"], log);
  section->refuse_others();
  return log;
}

Metrics read_metrics(const Value& value) {
  Metrics metrics;
  auto section = Section::open(value, "keys such as `{log_interval: 30s}`");
  if (!section) return metrics;
  metrics.log_interval = (*section)["log_interval"].duration(metrics.log_interval);
  section->refuse_others();
  return metrics;
}

Limits read_limits(const Value& value) {
  Limits limits;
  auto section = Section::open(value, "keys such as `{connections: 100000, memory: 1GiB}`");
  if (!section) return limits;
  limits.connections = (*section)["connections"].count(limits.connections, max_connections);
  limits.memory = (*section)["memory"].size(limits.memory, max_memory);
  section->refuse_others();
  return limits;
}

Shutdown read_shutdown(const Value& value) {
  Shutdown shutdown;
  auto section = Section::open(value, "keys such as `{drain_timeout: 30s}`");
  if (!section) return shutdown;
  shutdown.drain_timeout = (*section)["drain_timeout"].duration(shutdown.drain_timeout);
  section->refuse_others();
  return shutdown;
}

std::string_view kind_of(const Node& node) {
  return std::holds_alternative<Node::List>(node.value) ? "a list" : "a single value";
}

}  // namespace

Config read_config(const Node& root, Reading& reading) {
  Config config;
  const auto* entries = std::get_if<Node::Map>(&root.value);
  if (entries == nullptr) {
    reading.places.note_fault(KeyPath() / "routes");
    reading.fault({root.place, "the file is " + std::string(kind_of(root)) +
                                   ": write keys and values, such as `routes:`"});
    return config;
  }
  Section section(reading, KeyPath(), root.place, *entries);
  config.threads = read_threads(section["threads"]);
  config.log = read_log(section["log"]);
  config.metrics = read_metrics(section["metrics"]);
  config.admin = read_admin(section["admin"]);
  config.shutdown = read_shutdown(section["shutdown"]);
  config.limits = read_limits(section["limits"]);
  const Value routes =
      section.required("routes", "routes: [{name: echo, listen: \"127.0.0.1:7007\", echo: true}]");
  for (const Value& route : routes.list("a list of routes: start each with `- name: `")) {
    config.routes.push_back(read_route(route));
  }
  section.refuse_others();
  return config;
}

}  // namespace spillway::config
