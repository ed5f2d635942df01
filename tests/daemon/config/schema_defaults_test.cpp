// The defaults that the schema tells are those of a file that leaves the keys out.
#include "daemon/config/print_framing.hpp"
#include "daemon/config/units.hpp"
#include "daemon/config/words.hpp"
#include "tests/daemon/config/config_folder.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <string>

namespace spillway::config {
namespace {

using Defaults = std::map<std::string, std::string>;

// An empty map takes all of its defaults; so does a key that is not there.
constexpr std::string_view least = R"(
routes:
  - name: proxy
    listen: 127.0.0.1:0
    tls: {certificates: [{cert: server.crt, key: server.key}]}
    upstream: {servers: "localhost:1", tls: {}}
    framing: {length_prefix: {}}
  - {name: plain, listen: "127.0.0.1:0", upstream: {servers: "localhost:1"}}
)";

std::string word(bool value) { return value ? "true" : "false"; }

// As the schema has it: 0 has no unit there.
std::string size(std::size_t bytes) { return bytes == 0 ? "0" : size_to_string(bytes); }

template <class T, std::size_t N>
std::string word(const std::array<Word<T>, N>& words, T value) {
  return std::string(word_for(words, value));
}

void add_process(const Config& config, Defaults& defaults) {
  defaults["threads"] = config.threads == 0 ? "auto" : std::to_string(config.threads);
  defaults["log.level"] = word(log_levels, config.log.level);
  defaults["log.format"] = word(log_formats, config.log.format);
  defaults["log.target"] = word(log_targets, config.log.target);
  defaults["metrics.log_interval"] = to_string(config.metrics.log_interval);
  defaults["shutdown.drain_timeout"] = to_string(config.shutdown.drain_timeout);
  defaults["limits.connections"] = std::to_string(config.limits.connections);
  defaults["limits.memory"] = size(config.limits.memory);
}

void add_tls(const Tls& tls, Defaults& defaults) {
  defaults["routes[].tls.self_signed"] = word(tls.self_signed);
  defaults["routes[].tls.min_version"] = word(tls_versions, tls.min_version);
  defaults["routes[].tls.handshake_timeout"] = to_string(tls.handshake_timeout);
}

void add_upstream(const Upstream& upstream, Defaults& defaults) {
  const UpstreamTls& tls = *upstream.tls;
  defaults["routes[].upstream.connect_timeout"] = to_string(upstream.connect_timeout);
  defaults["routes[].upstream.tls.insecure_skip_verify"] = word(tls.insecure_skip_verify);
  defaults["routes[].upstream.tls.min_version"] = word(tls_versions, tls.min_version);
  defaults["routes[].upstream.tls.handshake_timeout"] = to_string(tls.handshake_timeout);
}

void add_length_prefix(const Framing& framing, Defaults& defaults) {
  const auto& prefix = std::get<LengthPrefixFraming>(framing);
  const std::string path = "routes[].framing.length_prefix.";
  defaults[path + "bytes"] = word(length_sizes, prefix.bytes);
  defaults[path + "endian"] = word(byte_orders, prefix.order);
  defaults[path + "includes_header"] = word(prefix.includes_header);
}

void add_overflow(const std::string& path, const Overflow& overflow, Defaults& defaults) {
  defaults[path + ".policy"] = word(overflow_policies, overflow.policy);
  defaults[path + ".queue"] = size(overflow.queue);
  defaults[path + ".queue_messages"] = std::to_string(overflow.queue_messages);
  defaults[path + ".stall_timeout"] = to_string(overflow.stall_timeout);
  defaults[path + ".max_age"] = to_string(overflow.max_age);
  defaults[path + ".slow_after"] = to_string(overflow.slow_after);
}

void add_route(const Route& route, Defaults& defaults) {
  defaults["routes[].echo"] = word(route.echo);
  defaults["routes[].timeouts.idle"] = to_string(route.timeouts.idle);
  defaults["routes[].timeouts.half_close"] = to_string(route.timeouts.half_close);
  defaults["routes[].timeouts.lifetime"] = to_string(route.timeouts.lifetime);
  defaults["routes[].limits.connections"] = std::to_string(route.limits.connections);
  defaults["routes[].framing"] = print_framing(route.framing);
  defaults["routes[].max_message"] = size(route.max_message);
  defaults["routes[].notsent_lowat"] = size(route.notsent_lowat);
  add_overflow("routes[].overflow", route.to_client, defaults);
  add_overflow("routes[].overflow.to_client", route.to_client, defaults);
  add_overflow("routes[].overflow.to_upstream", route.to_upstream, defaults);
}

class SchemaDefaults : public testing::Test {
 protected:
  Defaults of_the_loader() {
    folder_.add_certificate("server");
    const Config config = folder_.good(std::string(least));
    Defaults defaults;
    add_process(config, defaults);
    add_tls(config.routes.at(0).tls.value(), defaults);
    add_upstream(config.routes.at(0).upstream.value(), defaults);
    add_length_prefix(config.routes.at(0).framing, defaults);
    add_route(config.routes.at(1), defaults);
    return defaults;
  }

  Defaults of_the_schema() {
    Defaults defaults;
    add_keys("", schema_, defaults);
    return defaults;
  }

  [[nodiscard]] YAML::Node direction() const { return schema_["$defs"]["direction"]; }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): as deep as the schema
  void add_keys(const std::string& path, const YAML::Node& node, Defaults& defaults) {
    if (node["$ref"]) add_keys(path, referred(node["$ref"].Scalar()), defaults);
    for (const auto& each : node["anyOf"]) add_keys(path, each, defaults);
    if (node["items"]) add_keys(path + "[]", node["items"], defaults);
    for (const auto& entry : node["properties"]) {
      const std::string key = (path.empty() ? "" : path + '.') + entry.first.Scalar();
      const YAML::Node& below = entry.second;
      if (below["default"]) defaults[key] = below["default"].Scalar();
      add_keys(key, below, defaults);
    }
  }

  [[nodiscard]] YAML::Node referred(const std::string& reference) const {
    return schema_["$defs"][reference.substr(reference.rfind('/') + 1)];
  }

  test::ConfigFolder folder_;
  YAML::Node schema_ = YAML::LoadFile(SPILLWAY_SCHEMA);  // JSON is YAML too
};

TEST_F(SchemaDefaults, AreWhatAFileWithoutTheKeysMeans) {
  const Defaults told = of_the_schema();
  const Defaults meant = of_the_loader();
  for (const auto& [key, value] : meant) {
    const auto found = told.find(key);
    EXPECT_EQ(found == told.end() ? "not in the schema" : found->second, value) << key;
  }
  for (const auto& [key, value] : told) EXPECT_TRUE(meant.contains(key)) << key << ": " << value;
}

TEST_F(SchemaDefaults, AllowForThePolicy) {
  for (const auto& policy : overflow_policies) {
    bool has_another = false;
    for (const auto& named : direction()["if"]["properties"]["policy"]["enum"]) {
      has_another = has_another || named.Scalar() == policy.text;
    }
    const YAML::Node node = has_another ? direction()["then"] : direction();
    const auto told =
        parse_duration(node["properties"]["stall_timeout"]["default"].Scalar()).value();
    EXPECT_EQ(told, default_stall_timeout(policy.meaning)) << policy.text;
  }
}

}  // namespace
}  // namespace spillway::config
