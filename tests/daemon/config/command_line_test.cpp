#include "daemon/command_line.hpp"

#include "daemon/config/validate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace spillway::command_line {
namespace {

using Words = std::vector<const char*>;
using testing::HasSubstr;

Command parsed(Words words) {
  words.insert(words.begin(), "/usr/bin/spillway");
  return parse(static_cast<int>(words.size()), words.data());
}

template <class T>
T expect(const Words& words) {
  const Command command = parsed(words);
  if (const T* wanted = std::get_if<T>(&command)) return *wanted;
  const auto* exit = std::get_if<Exit>(&command);
  ADD_FAILURE() << "another command: " << (exit == nullptr ? "" : exit->text);
  return T{};
}

bool holds(const config::Config& config) {
  config::TlsContexts contexts;
  return config::validate(config, contexts).empty();
}

TEST(CommandLine, RunAndCheckTakeAFile) {
  EXPECT_EQ(expect<command_line::Run>({"run", "-c", "a.yaml"}).config_path, "a.yaml");
  EXPECT_EQ(expect<command_line::Run>({"run", "--config=a.yaml"}).config_path, "a.yaml");
  EXPECT_EQ(expect<Check>({"check", "-c", "a.yaml"}).config_path, "a.yaml");
}

TEST(CommandLine, TheFileHasADefault) {
  EXPECT_EQ(expect<command_line::Run>({"run"}).config_path, "/etc/spillway/spillway.yaml");
  EXPECT_EQ(expect<Check>({"check"}).config_path, "/etc/spillway/spillway.yaml");
}

TEST(CommandLine, StatusAsksADaemon) {
  const auto plain = expect<command_line::Status>({"status"});
  EXPECT_FALSE(plain.admin || plain.config_path || plain.watch || plain.json);
  const auto full = expect<command_line::Status>(
      {"status", "--admin", "unix:/run/admin.sock", "--watch", "--json", "-c", "a.yaml"});
  EXPECT_EQ(full.admin, Endpoint(UnixPath{"/run/admin.sock"}));
  EXPECT_EQ(full.config_path, "a.yaml");
  EXPECT_TRUE(full.watch && full.json);
}

TEST(CommandLine, VersionIsAsked) { expect<ShowVersion>({"--version"}); }

TEST(CommandLine, EchoIsPlainWithoutCertificate) {
  const Echo echo = expect<Echo>({"echo", "--listen", "127.0.0.1:0", "--listen", "[::1]:0"});
  EXPECT_EQ(echo.listen,
            (std::vector<config::ListenAddress>{HostPort{"127.0.0.1", 0}, HostPort{"::1", 0}}));
  EXPECT_FALSE(echo.tls);
}

TEST(CommandLine, CertificatePathsAreMadeAbsolute) {
  const Echo echo = expect<Echo>({"echo", "--listen", "a:1", "--cert", "a.crt", "--key", "/b.key"});
  ASSERT_TRUE(echo.tls);
  const auto here = std::filesystem::current_path();
  EXPECT_EQ(echo.tls->certificates.at(0).cert, (here / "a.crt").string());
  EXPECT_EQ(echo.tls->certificates.at(0).key, "/b.key");
}

TEST(CommandLine, OneFileMayHoldCertificateAndKey) {
  const Echo echo = expect<Echo>({"echo", "--listen", "a:1", "--cert", "/a.pem"});
  EXPECT_EQ(echo.tls.value().certificates.at(0).key, "/a.pem");
}

TEST(CommandLine, EchoBecomesAConfigurationThatHolds) {
  const Echo echo = expect<Echo>({"echo", "--listen", "127.0.0.1:0", "--self-signed"});
  const config::Config config = to_config(echo);
  EXPECT_TRUE(holds(config));
  const config::Route& route = config.routes.at(0);
  EXPECT_EQ(route.name, "echo");
  EXPECT_TRUE(route.echo);
  EXPECT_TRUE(route.tls.value().self_signed);
}

TEST(CommandLine, ProxyBecomesAConfigurationThatHolds) {
  const Proxy proxy =
      expect<Proxy>({"proxy", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:1", "--to", "unix:/b",
                     "--overflow-to-client", "pause", "--overflow-to-upstream=pause"});
  const config::Config config = to_config(proxy);
  EXPECT_TRUE(holds(config));
  const config::Route& route = config.routes.at(0);
  EXPECT_EQ(route.name, "proxy");
  EXPECT_FALSE(route.echo);
  EXPECT_FALSE(route.tls);
  EXPECT_EQ(route.upstream.value().servers,
            (std::vector<Endpoint>{HostPort{"127.0.0.1", 1}, UnixPath{"/b"}}));
  EXPECT_FALSE(route.upstream->tls);
}

TEST(CommandLine, ServersMaySpeakTls) {
  const Proxy proxy = expect<Proxy>({"proxy", "--listen", "a:1", "--to", "unix:/b", "--to-tls",
                                     "--to-ca", "ca.pem", "--to-name", "b.internal"});
  const config::UpstreamTls tls = to_config(proxy).routes.at(0).upstream->tls.value();
  EXPECT_EQ(tls.ca, (std::filesystem::current_path() / "ca.pem").string());
  EXPECT_EQ(tls.server_name, "b.internal");
  EXPECT_FALSE(tls.insecure_skip_verify);
}

TEST(CommandLine, ServersAreVerifiedUnlessThatIsSpelledOut) {
  const Proxy verified =
      expect<Proxy>({"proxy", "--listen", "a:1", "--to", "127.0.0.1:1", "--to-tls"});
  EXPECT_TRUE(holds(to_config(verified)));
  EXPECT_FALSE(verified.upstream.tls.value().insecure_skip_verify);
  const Proxy insecure =
      expect<Proxy>({"proxy", "--listen", "a:1", "--to", "unix:/b", "--to-tls", "--to-insecure"});
  EXPECT_TRUE(holds(to_config(insecure)));
  EXPECT_TRUE(insecure.upstream.tls.value().insecure_skip_verify);
}

TEST(CommandLine, PoliciesHaveTheirOwnDefaultsWithoutAFileToo) {
  const Proxy proxy =
      expect<Proxy>({"proxy", "--listen", "127.0.0.1:0", "--to", "127.0.0.1:1", "--framing", "line",
                     "--overflow-to-client", "drop_oldest", "--overflow-to-upstream", "close"});
  const config::Config config = to_config(proxy);
  EXPECT_TRUE(holds(config));
  const config::Route& route = config.routes.at(0);
  EXPECT_TRUE(std::holds_alternative<config::LineFraming>(route.framing));
  EXPECT_EQ(route.to_client.policy, config::OverflowPolicy::drop_oldest);
  EXPECT_EQ(route.to_client.stall_timeout, std::chrono::minutes(1));
  EXPECT_EQ(route.to_upstream.policy, config::OverflowPolicy::close);
  EXPECT_EQ(route.to_upstream.stall_timeout, std::chrono::minutes(1));
}

TEST(CommandLine, EchoHasAPolicyAndAFraming) {
  const Echo echo =
      expect<Echo>({"echo", "--listen", "127.0.0.1:0", "--overflow=drop_newest", "--framing=line"});
  const config::Config config = to_config(echo);
  EXPECT_TRUE(holds(config));
  const config::Route& route = config.routes.at(0);
  EXPECT_TRUE(std::holds_alternative<config::LineFraming>(route.framing));
  EXPECT_EQ(route.to_client.policy, config::OverflowPolicy::drop_newest);
  EXPECT_EQ(to_config(expect<Echo>({"echo", "--listen", "a:1"})).routes.at(0).to_client.policy,
            config::OverflowPolicy::pause);
}

TEST(CommandLine, HelpNamesThePolicies) {
  const std::string help = expect<Exit>({"proxy", "--help"}).text;
  EXPECT_THAT(help, HasSubstr("pause (the default), drop_newest, drop_oldest, close"));
  EXPECT_THAT(help, HasSubstr("none (the default), line"));
}

TEST(CommandLine, HelpOfEachCommandHasAnExample) {
  for (const char* command : {"run", "check", "echo", "proxy", "status"}) {
    const Exit exit = expect<Exit>({command, "--help"});
    EXPECT_EQ(exit.code, 0);
    EXPECT_EQ(exit.stream, Exit::Stream::standard_output);
    EXPECT_THAT(exit.text, HasSubstr("Example:\n  spillway " + std::string(command)));
  }
  EXPECT_THAT(expect<Exit>({"--help"}).text, HasSubstr("Example:\n  spillway "));
  EXPECT_EQ(expect<Exit>({"-h"}).code, 0);
}

TEST(CommandLine, WithoutArgumentsItTellsHowItIsUsed) {
  const Exit exit = expect<Exit>({});
  EXPECT_EQ(exit.code, 2);
  EXPECT_EQ(exit.stream, Exit::Stream::standard_error);
  EXPECT_THAT(exit.text, testing::StartsWith("Usage: spillway run -c FILE"));
}

struct Wrong {
  Words words;
  std::string text;
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.text; }

const std::vector<Wrong> wrong_usages = {
    {{"rnu"}, "spillway: unknown command `rnu`: did you mean `run`? (see spillway --help)"},
    {{"reload"},
     "spillway: unknown command `reload`: write `run`, `check`, `echo`, `proxy` or `status` (see"},
    {{"status", "--admin", "localhost"}, "spillway status: --admin: "},
    {{"status", "--admin", "a:0"},
     "spillway status: --admin: a:0 has port 0, which is for listening only: the daemon"},
    {{"status", "--wach"}, "spillway status: unknown option `--wach`: did you mean `--watch`?"},
    {{"--verison"}, "spillway: unknown option `--verison`: did you mean `--version`?"},
    {{"-x"}, "spillway: unknown option `-x`"},
    {{""}, "spillway: unknown command ``"},
    {{"run", "--confg", "a"},
     "spillway run: unknown option `--confg`: did you mean `--config`? (see "
     "spillway run --help)"},
    {{"run", "--conf=a"}, "spillway run: unknown option `--conf`: did you mean `--config`?"},
    {{"run", "a.yaml"}, "spillway run: unexpected word `a.yaml`"},
    {{"run", "check"}, "spillway run: unexpected word `check`"},
    {{"run", "-c"}, "spillway run: --config: "},
    {{"run", "-c", "a", "-c", "b"}, "spillway run: --config: "},
    {{"echo"}, "spillway echo: --listen ADDR is missing (see spillway echo --help)"},
    {{"echo", "--listen"}, "spillway echo: --listen: "},
    {{"echo", "--listen", "7007"}, "spillway echo: --listen: \"7007\" has no port"},
    {{"echo", "--listen", "a:1", "b:2"}, "spillway echo: unexpected word `b:2`"},
    {{"echo", "--listen", "a:1", "--key", "k"}, "spillway echo: --key requires --cert"},
    {{"echo", "--listen", "a:1", "--cert", "c", "--self-signed"}, "spillway echo: --cert excludes"},
    {{"echo", "--listen", "a:1", "--to", "b:2"}, "spillway echo: unknown option `--to`"},
    {{"proxy", "--listen", "a:1"}, "spillway proxy: --to ADDR is missing"},
    {{"proxy", "--to", "a:1"}, "spillway proxy: --listen ADDR is missing"},
    {{"proxy", "--listen", "a:1", "--to", "b:0"}, "spillway proxy: --to: b:0 has port 0"},
    {{"proxy", "--listen", "a:1", "--to", "b"}, "spillway proxy: --to: \"b\" has no port"},
    {{"proxy", "--lisen", "a:1"},
     "spillway proxy: unknown option `--lisen`: did you mean `--listen`?"},
    {{"proxy", "--listen", "a:1", "--to", "b:1", "--overflow-to-client", "drop_oldest"},
     "spillway proxy: --overflow-to-client: `drop_oldest` needs message boundaries, without which "
     "a "
     "drop would tear the stream: add `--framing line` (see"},
    {{"proxy", "--listen", "a:1", "--to", "b:1", "--overflow-to-upstream", "drop_newest",
      "--framing", "none"},
     "spillway proxy: --overflow-to-upstream: `drop_newest` needs message boundaries"},
    {{"echo", "--listen", "a:1", "--overflow", "drop_newest"},
     "spillway echo: --overflow: `drop_newest` needs message boundaries"},
    {{"echo", "--listen", "a:1", "--overflow", "drop"},
     "spillway echo: --overflow: `drop` is not known: did you mean `drop_newest` or "
     "`drop_oldest`?"},
    {{"echo", "--listen", "a:1", "--framing", "lines"},
     "spillway echo: --framing: `lines` is not known: did you mean `line`?"},
    {{"proxy", "--listen", "a:1", "--to", "b:1", "--framing", "fixed"},
     "spillway proxy: --framing: `fixed` is not known: write `none` or `line`"},
    {{"echo", "--listen", "a:1", "--overflow-to-client", "close"},
     "spillway echo: unknown option `--overflow-to-client`"},
    {{"proxy", "--listen", "a:1", "--to", "b:1", "--overflow-to-upstream", "paus"},
     "spillway proxy: --overflow-to-upstream: `paus` is not known: did you mean `pause`?"},
    {{"proxy", "--listen", "a:1", "--to", "b:1", "--to-ca", "c"},
     "spillway proxy: --to-ca requires --to-tls"},
    {{"proxy", "--listen", "a:1", "--to", "b:1", "--to-name", "c"},
     "spillway proxy: --to-name requires --to-tls"},
    {{"proxy", "--listen", "a:1", "--to", "b:1", "--to-insecure"},
     "spillway proxy: --to-insecure requires --to-tls"},
    {{"proxy", "--listen", "a:1", "--to", "b:1", "--to-tls", "--to-insecure", "--to-ca", "c"},
     "spillway proxy: --to-ca excludes --to-insecure"},
    {{"proxy", "--listen", "a:1", "--to", "b:1", "--to-tls", "--to-name", "c:1"},
     "spillway proxy: --to-name: `c:1` is no host name: write it without a port or a wildcard"},
    {{"proxy", "--listen", "a:1", "--to", "unix:/b", "--to-tls"},
     "spillway proxy: --to-tls: unix:/b has no host that its certificate could be for: add "
     "`--to-name NAME`"},
    {{"proxy", "--listen", "a:1", "--to", "b:1", "--to", "c:1", "--to-tls"},
     "spillway proxy: --to-tls: b:1 and c:1 have different hosts, but one name is verified for all "
     "servers: add `--to-name NAME`"},
    {{"echo", "--listen", "a:1", "--to-tls"}, "spillway echo: unknown option `--to-tls`"},
    {{"run", "--", "x"}, "spillway run: "},
    {{"two\nlines"}, "spillway: unknown command `two?lines`"},
};

class WrongUsage : public testing::TestWithParam<Wrong> {};

TEST_P(WrongUsage, GetsOneLineAndCodeTwo) {
  const Exit exit = expect<Exit>(GetParam().words);
  EXPECT_EQ(exit.code, 2);
  EXPECT_EQ(exit.stream, Exit::Stream::standard_error);
  EXPECT_THAT(exit.text, testing::StartsWith(GetParam().text));
  EXPECT_THAT(exit.text, HasSubstr(" (see spillway"));
  EXPECT_EQ(std::count(exit.text.begin(), exit.text.end(), '\n'), 1) << exit.text;
}

INSTANTIATE_TEST_SUITE_P(CommandLine, WrongUsage, testing::ValuesIn(wrong_usages));

}  // namespace
}  // namespace spillway::command_line
