#include "daemon/config/read_tls.hpp"

#include "daemon/config/paths.hpp"
#include "daemon/config/section.hpp"
#include "daemon/config/server_name.hpp"
#include "daemon/config/words.hpp"

#include <string>

namespace spillway::config {

namespace {

std::string read_path(const Value& value) {
  const std::string* path = value.text("the path of a file");
  if (path == nullptr) return {};
  if (!path->empty()) return absolute_path(value.reading().folder, *path);
  value.refuse("is empty: write the path of a file");
  return {};
}

CertificateFiles read_certificate(const Value& value) {
  constexpr std::string_view takes = "files such as `{cert: feed.crt, key: feed.key}`";
  CertificateFiles files;
  auto section = Section::open(value, takes);
  if (!section) return files;
  files.cert = read_path(section->required("cert", "cert: feed.crt"));
  const Value key = (*section)["key"];
  files.key = key.given() ? read_path(key) : files.cert;
  section->refuse_others();
  return files;
}

std::string read_server_name(const Value& value) {
  const std::string* name = value.text("a host name such as `feed.internal`");
  if (name == nullptr) return {};
  if (is_server_name(*name)) return *name;
  value.refuse("is no host name: write it without a port or a wildcard, such as `feed.internal`");
  return {};
}

}  // namespace

std::optional<Tls> read_tls(const Value& value) {
  auto section = Section::open(value,
                               "keys such as `{certificates: [{cert: feed.crt, key: "
                               "feed.key}]}` or `{self_signed: true}`");
  if (!section) return std::nullopt;
  Tls tls;
  const Value certificates = (*section)["certificates"];
  for (const Value& item :
       certificates.list("a list such as `[{cert: feed.crt, key: feed.key}]`")) {
    tls.certificates.push_back(read_certificate(item));
  }
  tls.self_signed = (*section)["self_signed"].boolean(tls.self_signed);
  tls.min_version = (*section)["min_version"].choice(tls_versions, tls.min_version);
  tls.handshake_timeout = (*section)["handshake_timeout"].positive_duration(tls.handshake_timeout);
  section->refuse_others();
  return tls;
}

std::optional<UpstreamTls> read_upstream_tls(const Value& value) {
  auto section =
      Section::open(value, "keys such as `{ca: upstream-ca.pem, server_name: feed.internal}`");
  if (!section) return std::nullopt;
  UpstreamTls tls;
  tls.ca = read_path((*section)["ca"]);
  tls.server_name = read_server_name((*section)["server_name"]);
  tls.insecure_skip_verify = (*section)["insecure_skip_verify"].boolean(tls.insecure_skip_verify);
  tls.min_version = (*section)["min_version"].choice(tls_versions, tls.min_version);
  tls.handshake_timeout = (*section)["handshake_timeout"].positive_duration(tls.handshake_timeout);
  section->refuse_others();
  return tls;
}

}  // namespace spillway::config
