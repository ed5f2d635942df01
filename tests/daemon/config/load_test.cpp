#include "daemon/config/load.hpp"

#include "tests/daemon/config/config_folder.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>

namespace spillway::test {
namespace {

using namespace config;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

TEST(Load, AShortFileGetsTheDefaults) {
  ConfigFolder folder;
  const Config config = folder.good("routes: [{name: a, listen: \"127.0.0.1:0\", echo: true}]");
  EXPECT_EQ(config.threads, 0U);
  EXPECT_EQ(config.log.level, LogLevel::info);
  EXPECT_EQ(config.log.format, LogFormat::text);
  EXPECT_EQ(config.log.target, LogTarget::standard_error);
  EXPECT_EQ(config.shutdown.drain_timeout, seconds(30));
  ASSERT_EQ(config.routes.size(), 1U);
  const Route& route = config.routes[0];
  EXPECT_EQ(route.name, "a");
  EXPECT_EQ(route.listen, (std::vector<config::ListenAddress>{HostPort{"127.0.0.1", 0}}));
  EXPECT_TRUE(route.echo);
  EXPECT_FALSE(route.tls);
  EXPECT_FALSE(route.upstream);
  EXPECT_EQ(route.timeouts.idle, minutes(10));
  EXPECT_EQ(route.timeouts.half_close, minutes(1));
  EXPECT_EQ(route.timeouts.lifetime, seconds(0));
  EXPECT_EQ(route.to_client.policy, OverflowPolicy::pause);
  EXPECT_EQ(route.to_client.queue, 65536U);
  EXPECT_EQ(route.to_upstream.queue, 65536U);
}

constexpr std::string_view every_key = R"(
threads: 4
log: {level: debug, format: json, target: logs/spillway.log}
shutdown: {drain_timeout: 0s}
routes:
  - name: feed
    listen: ["0.0.0.0:7443", "[::]:7443", unix:run/feed.sock]
    tls:
      certificates: [{cert: feed.crt, key: feed.key}]
      min_version: "1.3"
      handshake_timeout: 5s
    upstream:
      servers: ["10.0.0.5:7000", unix:/run/feed.sock, feed.internal:7000]
      connect_timeout: 250ms
    timeouts: {idle: 0s, half_close: 90s, lifetime: 24h}
    overflow:
      to_client: {policy: pause, queue: 1MiB}
      to_upstream: {queue: 0}
  - name: echo
    listen: 127.0.0.1:7007
    tls: {self_signed: true}
    echo: true
    overflow: {queue: 8KiB}
)";

TEST(Load, EveryKeyIsRead) {
  ConfigFolder folder;
  folder.add_certificate("feed");
  const Config config = folder.good(std::string(every_key));
  EXPECT_EQ(config.threads, 4U);
  EXPECT_EQ(config.log.level, LogLevel::debug);
  EXPECT_EQ(config.log.format, LogFormat::json);
  EXPECT_EQ(config.log.target, LogTarget::file);
  EXPECT_EQ(config.shutdown.drain_timeout, seconds(0));
  ASSERT_EQ(config.routes.size(), 2U);

  const Route& feed = config.routes[0];
  ASSERT_EQ(feed.listen.size(), 3U);
  EXPECT_EQ(feed.listen[1], config::ListenAddress(HostPort{"::", 7443}));
  ASSERT_TRUE(feed.tls);
  EXPECT_FALSE(feed.tls->self_signed);
  EXPECT_EQ(feed.tls->min_version, TlsVersion::tls_1_3);
  EXPECT_EQ(feed.tls->handshake_timeout, seconds(5));
  ASSERT_TRUE(feed.upstream);
  EXPECT_EQ(feed.upstream->servers,
            (std::vector<Endpoint>{HostPort{"10.0.0.5", 7000}, UnixPath{"/run/feed.sock"},
                                   HostPort{"feed.internal", 7000}}));
  EXPECT_EQ(feed.upstream->connect_timeout, milliseconds(250));
  EXPECT_EQ(feed.timeouts.idle, seconds(0));
  EXPECT_EQ(feed.timeouts.half_close, seconds(90));
  EXPECT_EQ(feed.timeouts.lifetime, hours(24));
  EXPECT_EQ(feed.to_client.queue, 1U << 20U);
  EXPECT_EQ(feed.to_upstream.queue, 0U);

  const Route& echo = config.routes[1];
  EXPECT_TRUE(echo.echo);
  ASSERT_TRUE(echo.tls);
  EXPECT_TRUE(echo.tls->self_signed);
  EXPECT_EQ(echo.to_client.queue, 8192U);
}

TEST(Load, RelativePathsStartAtTheFilesFolder) {
  ConfigFolder folder;
  folder.add_certificate("feed");
  const Config config = folder.good(std::string(every_key));
  EXPECT_EQ(config.log.file, folder.folder().file("logs/spillway.log"));
  EXPECT_EQ(config.routes[0].listen[2],
            config::ListenAddress(UnixPath{folder.folder().file("run/feed.sock")}));
  EXPECT_EQ(config.routes[0].tls->certificates[0].cert, folder.folder().file("feed.crt"));
  EXPECT_EQ(config.routes[0].tls->certificates[0].key, folder.folder().file("feed.key"));
}

TEST(Load, OneFileMayHoldCertificateAndKey) {
  ConfigFolder folder;
  folder.add_certificate("feed");
  const Config config = folder.good(
      "routes: [{name: a, listen: \"127.0.0.1:0\", echo: true, "
      "tls: {certificates: [{cert: ./feed.pem}]}}]");
  EXPECT_EQ(config.routes[0].tls->certificates[0].cert, folder.folder().file("feed.pem"));
  EXPECT_EQ(config.routes[0].tls->certificates[0].key, folder.folder().file("feed.pem"));
}

TEST(Load, ValuesTakeEnvironmentVariables) {
  ConfigFolder folder;
  folder.add_certificate("feed");
  folder.set("CREDENTIALS_DIRECTORY", folder.folder().path());
  folder.set("PORT", "7007");
  folder.set("ECHO", "true");
  const Config config = folder.good(R"(
routes:
  - name: a
    listen: 127.0.0.1:${PORT}
    tls: {certificates: [{cert: "${CREDENTIALS_DIRECTORY}/feed.pem"}]}
    echo: ${ECHO}
)");
  EXPECT_EQ(config.routes[0].listen[0], config::ListenAddress(HostPort{"127.0.0.1", 7007}));
  EXPECT_EQ(config.routes[0].tls->certificates[0].cert, folder.folder().file("feed.pem"));
  EXPECT_TRUE(config.routes[0].echo);
}

TEST(Load, AnAliasStandsForItsValue) {
  ConfigFolder folder;
  const Config config = folder.good(R"(
routes:
  - {name: a, listen: "127.0.0.1:0", echo: true, timeouts: &calm {idle: 1h}}
  - {name: b, listen: "127.0.0.1:0", echo: true, timeouts: *calm}
)");
  EXPECT_EQ(config.routes[1].timeouts.idle, hours(1));
}

TEST(Load, AMarkAndWindowsLineEndsAreHarmless) {
  ConfigFolder folder;
  const Config config = folder.good(
      "\xEF\xBB\xBFroutes:\r\n  - name: a\r\n    listen: 127.0.0.1:0\r\n    echo: true\r\n");
  EXPECT_EQ(config.routes[0].name, "a");
}

// Issue 2, point 10: every fault at once.
TEST(Load, AllFaultsComeAtOnceInTheOrderOfTheFile) {
  ConfigFolder folder;
  EXPECT_EQ(
      folder.faults(R"(threads: many
log: {levle: info}
routes:
  - name: a
    listen: 127.0.0.1:7007
    timeouts: {idle: 10}
    tls: {certificates: [{cert: no.crt, key: no.key}]}
  - name: b
    listen: ${NOWHERE}
    echo: true
    overflow: {queue: 64KB}
)"),
      R"(spillway.yaml:1:10: `threads: many` is no number of threads: write `auto`, or a whole number from 1 to 1024
spillway.yaml:2:7: unknown key `levle`: did you mean `level`?
spillway.yaml:4:5: route "a": the route has neither `echo` nor `upstream`: write `echo: true`, or for instance `upstream: {servers: "127.0.0.1:7000"}`
spillway.yaml:6:22: route "a": `idle: 10` needs a unit: write `10s`, `10m` or `10h`
spillway.yaml:7:27: route "a": `cert`: no.crt cannot be read: No such file or directory
spillway.yaml:7:41: route "a": `key`: no.key cannot be read: No such file or directory
spillway.yaml:9:13: the environment variable `NOWHERE` is not set: set it, or write the value instead of `${NOWHERE}`
spillway.yaml:11:23: route "b": `queue: 64KB` has another unit here: write `64KiB`
)");
}

TEST(Load, AFaultIsToldOnceAndNotAgainByWhatFollowsFromIt) {
  ConfigFolder folder;
  EXPECT_EQ(folder.faults("routes: [{name: 5 5, listen: x, echo: maybe, tls: {certificates: 5}}]"),
            "spillway.yaml:1:17: `name: 5 5` has other characters than letters, digits, `.`, `_` "
            "and `-`: write for instance `feed-1`\n"
            "spillway.yaml:1:30: `listen`: \"x\" has no port; write HOST:PORT or unix:PATH\n"
            "spillway.yaml:1:39: `echo: maybe` is neither yes nor no: write `true` or `false`\n"
            "spillway.yaml:1:66: `certificates: 5` is not enough: it takes a list such as `[{cert: "
            "feed.crt, key: feed.key}]`\n");
}

TEST(Load, AFileThatIsNotThereIsAFaultWithoutPlace) {
  ConfigFolder folder;
  EXPECT_EQ(folder.told(folder.load_file("nowhere.yaml")),
            "nowhere.yaml: the file cannot be read: No such file or directory\n");
  TlsContexts contexts;
  EXPECT_EQ(to_string(load("", contexts).error().front()),
            "the file cannot be read: No such file or directory");
}

TEST(Load, AFolderIsNoFile) {
  ConfigFolder folder;
  std::filesystem::create_directory(folder.folder().file("spillway.yaml"));
  EXPECT_EQ(folder.told(folder.load_file("spillway.yaml")),
            "spillway.yaml: the file is a directory: name the file in it\n");
}

TEST(Load, ANamedPipeWithoutWriterDoesNotHang) {
  ConfigFolder folder;
  ASSERT_EQ(::mkfifo(folder.folder().file("spillway.yaml").c_str(), 0600), 0);
  EXPECT_THAT(folder.told(folder.load_file("spillway.yaml")), HasSubstr("the file is empty"));
}

TEST(Load, AnEndlessFileIsRefused) {
  TlsContexts contexts;
  EXPECT_THAT(to_string(load("/dev/zero", contexts).error().front()),
              HasSubstr("is larger than 512KiB"));
}

}  // namespace
}  // namespace spillway::test
