// TLS towards a route's servers: what good files say, and what is wrong with broken ones.
#include "daemon/config/certificates.hpp"
#include "daemon/config/print.hpp"
#include "daemon/config/server_name.hpp"
#include "tests/daemon/config/broken_file.hpp"

#include <gmock/gmock.h>

namespace spillway::test {
namespace {

using namespace config;
using std::chrono::seconds;
using testing::HasSubstr;

// A route whose upstream stands on the fourth line.
std::string with_upstream(const std::string& keys) {
  return "routes:\n  - name: a\n    listen: 127.0.0.1:0\n    upstream: {" + keys + "}\n";
}

// The same with one server and these keys of its `tls`, the first one in column 50.
std::string with_tls(const std::string& keys) {
  return with_upstream("servers: \"feed.internal:1\", tls: {" + keys + "}");
}

Upstream upstream_of(std::vector<Endpoint> servers, const std::string& server_name = {}) {
  Upstream upstream;
  upstream.servers = std::move(servers);
  upstream.tls = UpstreamTls{};
  upstream.tls->server_name = server_name;
  return upstream;
}

TEST(UpstreamTls, IsLeftOutForPlainServers) {
  ConfigFolder folder;
  EXPECT_FALSE(folder.good(with_upstream("servers: \"a:1\"")).routes[0].upstream->tls);
}

TEST(UpstreamTls, VerifiesWithTheSystemsStoreByDefault) {
  ConfigFolder folder;
  const Config config = folder.good(with_tls(""));
  const UpstreamTls& tls = config.routes[0].upstream->tls.value();
  EXPECT_EQ(tls.ca, "");
  EXPECT_EQ(tls.server_name, "");
  EXPECT_FALSE(tls.insecure_skip_verify);
  EXPECT_EQ(tls.min_version, TlsVersion::tls_1_2);
  EXPECT_EQ(tls.handshake_timeout, seconds(10));
}

TEST(UpstreamTls, EveryKeyIsRead) {
  ConfigFolder folder;
  folder.add_certificate("ca");
  const Config config =
      folder.good(with_tls("ca: ca.crt, server_name: other.internal, min_version: \"1.3\", "
                           "handshake_timeout: 3s, insecure_skip_verify: false"));
  const UpstreamTls& tls = config.routes[0].upstream->tls.value();
  EXPECT_EQ(tls.ca, folder.folder().file("ca.crt"));
  EXPECT_EQ(tls.server_name, "other.internal");
  EXPECT_EQ(tls.min_version, TlsVersion::tls_1_3);
  EXPECT_EQ(tls.handshake_timeout, seconds(3));
}

TEST(UpstreamTls, VerificationIsSkippedOnlyWhereThatIsSpelledOut) {
  ConfigFolder folder;
  const Config config =
      folder.good(with_upstream("servers: [\"a:1\", unix:b], tls: {insecure_skip_verify: true}"));
  EXPECT_TRUE(config.routes[0].upstream->tls->insecure_skip_verify);
}

TEST(UpstreamTls, TheCheckShowsWhatIsVerified) {
  ConfigFolder folder;
  folder.add_certificate("ca");
  const auto printed = [&folder](const std::string& keys) {
    return print(folder.good(with_tls(keys)), "spillway.yaml", std::nullopt);
  };
  EXPECT_THAT(printed(""),
              HasSubstr("-> TLS feed.internal:1 (the system's CAs, name feed.internal)\n"));
  EXPECT_THAT(printed("ca: ca.crt, server_name: b.internal, min_version: \"1.3\""),
              HasSubstr("-> TLS feed.internal:1 (ca " + folder.folder().file("ca.crt") +
                        ", name b.internal, min_version 1.3)\n"));
  EXPECT_THAT(printed("insecure_skip_verify: true"),
              HasSubstr("-> TLS feed.internal:1 (not verified)\n"));
}

TEST(ServerName, IsTheHostThatAllServersHaveInCommon) {
  EXPECT_EQ(*server_name(upstream_of({HostPort{"a", 1}, HostPort{"a", 2}})), "a");
  EXPECT_EQ(*server_name(upstream_of({HostPort{"::1", 1}})), "::1");
}

TEST(ServerName, IsTheOneThatIsWrittenWhateverTheServersAre) {
  EXPECT_EQ(*server_name(upstream_of({HostPort{"a", 1}, UnixPath{"/b"}}, "c")), "c");
}

TEST(ServerName, IsMissingWhereServersHaveNoneInCommon) {
  const auto why = [](std::vector<Endpoint> servers) {
    return server_name(upstream_of(std::move(servers))).error().message;
  };
  EXPECT_EQ(why({HostPort{"a", 1}, HostPort{"b", 1}}),
            "a:1 and b:1 have different hosts, but one name is verified for all servers");
  EXPECT_EQ(why({UnixPath{"/b"}}), "unix:/b has no host that its certificate could be for");
  EXPECT_EQ(why({HostPort{"fe80::1%eth0", 1}}),
            "[fe80::1%eth0]:1 has no host that its certificate could be for");
}

TEST(ServerName, IsAHostNameOrAnAddress) {
  for (const char* good : {"feed.internal", "feed", "a_b-c.internal.", "127.0.0.1", "::1"}) {
    EXPECT_TRUE(is_server_name(good)) << good;
  }
  for (const char* bad : {"", "a:1", "[::1]", "*.internal", "a b", "a..b", "fe80::1%eth0",
                          "unix:/b", "https://a", "300.0.0.1"}) {
    EXPECT_FALSE(is_server_name(bad)) << bad;
  }
}

// An empty text would stand for the system's store.
TEST(UpstreamTls, AnEmptyFileTrustsNobody) {
  ConfigFolder folder;
  UpstreamTls tls;
  tls.ca = folder.folder().write("empty.pem", "");
  const auto context = load_client_context(tls);
  ASSERT_FALSE(context);
  EXPECT_EQ(context.error().at(0).message, tls.ca + ": no certificate found: the file is empty");
}

const std::vector<Broken> tls_keys = {
    {"Word", with_upstream("servers: \"a:1\", tls: true"),
     "spillway.yaml:4:37: route \"a\": `tls: true` is not enough", "`{ca: upstream-ca.pem"},
    {"UnknownKey", with_tls("server: a"), "spillway.yaml:4:50: route \"a\": unknown key `server`",
     "did you mean `server_name`?"},
    {"EmptyCa", with_tls("ca: \"\""), "spillway.yaml:4:54: route \"a\": `ca: ` is empty",
     "write the path of a file"},
    {"MissingCa", with_tls("ca: no.pem"),
     "spillway.yaml:4:50: route \"a\": `ca`: no.pem cannot be read", "No such file"},
    {"FolderAsCa", with_tls("ca: ."),
     "spillway.yaml:4:50: route \"a\": `ca`: ", "is a directory: name the file in it"},
    {"KeyAsCa", with_tls("ca: good.key"),
     "spillway.yaml:4:50: route \"a\": `ca`: good.key: ", "but a private key"},
    {"GarbageAsCa", with_tls("ca: spillway.yaml"),
     "spillway.yaml:4:50: route \"a\": `ca`: spillway.yaml: ", "no certificate found"},
    {"ServerNameWithPort", with_tls("server_name: \"feed.internal:1\""),
     "spillway.yaml:4:63: route \"a\": `server_name: feed.internal:1` is no host name",
     "such as `feed.internal`"},
    {"ServerNameWithWildcard", with_tls("server_name: \"*.internal\""),
     "spillway.yaml:4:63: route \"a\": `server_name: *.internal` is no host name", ""},
    {"EmptyServerName", with_tls("server_name: \"\""),
     "spillway.yaml:4:63: route \"a\": `server_name: ` is no host name", ""},
    {"ServerNames", with_tls("server_name: [a, b]"),
     "spillway.yaml:4:63: route \"a\": `server_name` takes a host name", "not a list"},
    {"SkipVerifyYes", with_tls("insecure_skip_verify: yes"),
     "spillway.yaml:4:72: route \"a\": `insecure_skip_verify: yes` is neither yes nor no", ""},
    {"OldTlsVersion", with_tls("min_version: \"1.1\""),
     "spillway.yaml:4:63: route \"a\": `min_version: 1.1` is not known", "did you mean `1.2`?"},
    {"NoTimeForHandshake", with_tls("handshake_timeout: 0s"),
     "spillway.yaml:4:69: route \"a\": `handshake_timeout: 0s` leaves no time", "`10s`"},
    {"CaThatIsNotLookedAt", with_tls("ca: good.crt, insecure_skip_verify: true"),
     "spillway.yaml:4:64: route \"a\": `ca` and `insecure_skip_verify` exclude each other",
     "keep one of the two"},
    {"UnixServerWithoutName", with_upstream("servers: unix:/run/a, tls: {}"),
     "spillway.yaml:4:38: route \"a\": `tls`: unix:/run/a has no host that its certificate could "
     "be for: ",
     "write for instance `server_name: feed.internal`"},
    {"ServersOfSeveralHosts", with_upstream("servers: [\"a:1\", \"b:1\"], tls: {}"),
     "spillway.yaml:4:41: route \"a\": `tls`: a:1 and b:1 have different hosts",
     "write for instance `server_name: feed.internal`"},
    {"ServersThatAreFaultyThemselves", with_upstream("servers: [a, \"b:1\"], tls: {}"),
     "spillway.yaml:4:26: route \"a\": `servers`: \"a\" has no port", ""},
};

class BrokenUpstreamTls : public testing::TestWithParam<Broken> {};

TEST_P(BrokenUpstreamTls, IsRefusedAtThePlaceOfItsOnlyFault) { expect_only_fault(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Keys, BrokenUpstreamTls, testing::ValuesIn(tls_keys), name_of);

}  // namespace
}  // namespace spillway::test
