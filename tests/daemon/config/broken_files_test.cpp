// Files with one fault each: where it is found and what is said about it.
#include "tests/daemon/config/broken_file.hpp"

namespace spillway::test {
namespace {

// A good route but for its upstream, on the fourth line.
std::string with_upstream(const std::string& upstream) {
  return "routes:\n  - name: a\n    listen: 127.0.0.1:0\n    upstream: " + upstream + "\n";
}

// A good route but for its address, on the third line.
std::string listening(const std::string& listen) {
  return "routes:\n  - name: a\n    listen: " + listen + "\n    echo: true\n";
}

// A good route but for its name, on the second line.
std::string named(const std::string& name) {
  return "routes:\n  - name: " + name + "\n    listen: 127.0.0.1:0\n    echo: true\n";
}

// A good route but for what follows its address, on the fourth line.
std::string purpose(const std::string& line) {
  return "routes:\n  - name: a\n    listen: 127.0.0.1:0\n" + line;
}

const std::vector<Broken> whole_files = {
    {"Empty", "", "spillway.yaml: the file is empty", "write at least one route"},
    {"OnlyComments", "# one\n\n# two\n", "spillway.yaml: the file is empty", ""},
    {"OnlyADocumentMark", "---\n", "spillway.yaml: the file is empty", ""},
    {"Word", "hello\n", "spillway.yaml:1:1: the file is a single value", "write keys and values"},
    {"List", "- a\n", "spillway.yaml:1:1: the file is a list", "write keys and values"},
    {"Binary",
     std::string("\x7f"
                 "ELF\0\1",
                 6),
     "spillway.yaml:1:1: the byte 0x7F", "right file"},
    {"Latin1", "# caf\xe9\n", "spillway.yaml:1:6: the byte 0xE9", "save the file as UTF-8"},
    {"Utf16",
     std::string("\xff\xfe"
                 "a\0",
                 4),
     "spillway.yaml:1:1: the byte 0xFF", "UTF-8"},
    {"Tab", "routes:\n\t- name: a\n", "spillway.yaml:2:1: a tab", "indent with spaces"},
    {"TwoDocuments", before_route("") + "---\nroutes: []\n", "spillway.yaml:3:1: a second document",
     "remove the `---`"},
    {"UnclosedList", "routes: [\n", "spillway.yaml:2:1: this is no valid YAML", "close the list"},
    {"UnclosedMap", "log: {level: info\n", "spillway.yaml:2:1: this is no valid YAML",
     "close the map"},
    {"BadIndentation", "routes:\n  - name: a\n   listen: 127.0.0.1:0\n",
     "spillway.yaml:3:4: this is no valid YAML", "indent the items of one list alike"},
    {"ColonInValue", "routes: a: b\n", "spillway.yaml:1:10: this is no valid YAML", "in quotes"},
    {"BracketsWithoutQuotes", listening("[::]:7443"), "spillway.yaml:3:17: this is no valid YAML",
     "put addresses with brackets in quotes: `\"[::]:7443\"`"},
    {"VariableWithoutQuotes", listening("[${HOST}]"), "spillway.yaml:3:15: this is no valid YAML",
     "put `${NAME}` in quotes"},
    {"UnknownAlias", "routes: *nowhere\n", "spillway.yaml:1:9: this is no valid YAML",
     "write the value out"},
    {"AliasInItself", "routes: &a [*a]\n", "spillway.yaml:1:13: an alias within the value",
     "write the value out"},
    {"Tag", "routes: !!seq []\n", "spillway.yaml:1:9: a tag", "write the value alone"},
    {"ListAsKey", "[a]: b\n", "spillway.yaml:1:1: a key is due here", "write `key: value`"},
    {"MissingKey", ": b\n", "spillway.yaml:1:1: a key is due here", "write `key: value`"},
    {"MergeKey",
     "routes:\n  - &a {name: a, listen: \"127.0.0.1:0\", echo: true}\n"
     "  - {<<: *a, name: b, listen: \"127.0.0.1:0\", echo: true}\n",
     "spillway.yaml:3:6: route \"b\": unknown key `<<`", "here may stand `name`, `listen`"},
};

const std::vector<Broken> general_keys = {
    {"NoRoutes", "threads: 2\n", "spillway.yaml:1:1: `routes` is missing", "write for instance"},
    {"EmptyRoutes", "routes: []\n", "spillway.yaml:1:9: `routes` is an empty list", "- name: "},
    {"RoutesWithoutValue", "routes:\n", "spillway.yaml:1:1: `routes` has no value", "a list"},
    {"RoutesAsMap", "routes: {name: a}\n", "spillway.yaml:1:9: `routes` takes a list of routes",
     "not a map"},
    {"RouteAsWord", "routes: [a]\n", "spillway.yaml:1:10: `routes: a` is not enough", "keys such"},
    {"RouteWithoutValue", "routes:\n  -\n", "spillway.yaml:2:3: an item of `routes` has no value",
     "it takes keys such as"},
    {"UnknownKey", before_route("threds: 2"), "spillway.yaml:1:1: unknown key `threds`",
     "did you mean `threads`?"},
    {"KeyLikeNoOther", before_route("statistics: true"),
     "spillway.yaml:1:1: unknown key `statistics`",
     "here may stand `threads`, `log`, `metrics`, `admin`, `shutdown`, `limits` or `routes`"},
    {"AdminWithoutAddress", before_route("admin: {}"), "spillway.yaml:1:8: `listen` is missing",
     "127.0.0.1:9464"},
    {"AdminByAName", before_route("admin: {listen: \"example.com:9464\"}"),
     "spillway.yaml:1:17: `listen: example.com:9464` has a name", "127.0.0.1:9464"},
    {"AdminOfSeveralAddresses", before_route("admin: {listen: [\"127.0.0.1:1\"]}"),
     "spillway.yaml:1:17: ", "`127.0.0.1:9464` or `unix:admin.sock`"},
    {"AdminOnARoutesAddress",
     "admin: {listen: \"127.0.0.1:7\"}\nroutes: [{name: a, listen: \"127.0.0.1:7\", echo: true}]",
     "spillway.yaml:1:9: `listen`: 127.0.0.1:7 cannot stand beside 127.0.0.1:7 in route \"a\"",
     "write another port"},
    {"DuplicateKey", before_route("threads: 1\nthreads: 2"),
     "spillway.yaml:2:1: `threads` is already given at 1:1", "remove one of the two"},
    {"ZeroThreads", before_route("threads: 0"), "spillway.yaml:1:10: `threads: 0`",
     "write `auto`, or a whole number from 1 to 1024"},
    {"TooManyThreads", before_route("threads: 1025"), "spillway.yaml:1:10: `threads: 1025`",
     "1 to 1024"},
    {"ThreadsAsList", before_route("threads: [1]"), "spillway.yaml:1:10: `threads` takes `auto`",
     "not a list"},
    {"LogAsWord", before_route("log: info"), "spillway.yaml:1:6: `log: info` is not enough",
     "it takes keys such as `{level: info"},
    {"LogLevel", before_route("log: {level: warn}"), "spillway.yaml:1:14: `level: warn`",
     "did you mean `warning`?"},
    {"LogFormat", before_route("log: {format: xml}"), "spillway.yaml:1:15: `format: xml`",
     "write `text` or `json`"},
    {"LogTarget", before_route("log: {target: stder}"), "spillway.yaml:1:15: `target: stder`",
     "did you mean `stderr`? Write `./stder` for a file"},
    {"DrainTimeout", before_route("shutdown: {drain_timeout: 30}"),
     "spillway.yaml:1:27: `drain_timeout: 30` needs a unit", "write `30s`, `30m` or `30h`"},
    {"DurationAsMap", before_route("shutdown: {drain_timeout: {s: 30}}"),
     "spillway.yaml:1:27: `drain_timeout` takes a duration such as `10s`", "not a map"},
    {"ColumnsCountCharacters", before_route("log: {target: é/ü.log, format: xml}"),
     "spillway.yaml:1:32: `format: xml`", "write `text` or `json`"},
};

const std::vector<Broken> route_keys = {
    {"NoName", "routes:\n  - listen: 127.0.0.1:0\n    echo: true\n",
     "spillway.yaml:2:5: `name` is missing", "write for instance `name: feed`"},
    {"EmptyName", named("\"\""), "spillway.yaml:2:11: `name: ` is empty", "`feed`"},
    {"OddName", named("a b"), "spillway.yaml:2:11: `name: a b` has other characters", "`feed-1`"},
    {"LongName", named(std::string(65, 'n')), "spillway.yaml:2:11: `name: nnnn", "at most 64"},
    {"SameName",
     "routes:\n  - {name: a, listen: \"127.0.0.1:0\", echo: true}\n"
     "  - {name: a, listen: \"127.0.0.1:0\", echo: true}\n",
     "spillway.yaml:3:6: route \"a\": `name: a` is already the name of another route (at 2:6)",
     "a name of its own"},
    {"UnknownKeyInRoute", in_route("timeout: {idle: 10s}"),
     "spillway.yaml:5:5: route \"a\": unknown key `timeout`", "did you mean `timeouts`?"},
    {"SniIsNotThereYet", in_route("sni: [a.example]"),
     "spillway.yaml:5:5: route \"a\": unknown key `sni`", "`max_message` or `overflow`"},
    {"DuplicateKeyInRoute", in_route("echo: true"),
     "spillway.yaml:5:5: route \"a\": `echo` is already given at 4:5", "remove one"},
    {"NoListen", "routes:\n  - name: a\n    echo: true\n",
     "spillway.yaml:2:5: route \"a\": `listen` is missing", "write for instance `listen:"},
    {"ListenWithoutValue", listening(""), "spillway.yaml:3:5: route \"a\": `listen` has no value",
     "it takes an address such as"},
    {"EmptyListen", listening("[]"), "spillway.yaml:3:13: route \"a\": `listen` is an empty list",
     "an address such as"},
    {"ListenWithoutPort", listening("127.0.0.1"),
     "spillway.yaml:3:13: route \"a\": `listen`: ", "has no port"},
    {"ListenWithBadPort", listening("127.0.0.1:65536"),
     "spillway.yaml:3:13: route \"a\": `listen`: ", "needs a port from 0 to 65535"},
    {"ListenAsMap", listening("{host: a}"), "spillway.yaml:3:13: route \"a\": `listen` takes",
     "not a map"},
    {"ListInListen", listening("[[a]]"),
     "spillway.yaml:3:14: route \"a\": `listen` takes an address", "not a list"},
    {"LongUnixPath", listening("unix:/" + std::string(107, 'x')),
     "spillway.yaml:3:13: route \"a\": `listen`: ", "too long"},
    {"UnixPathLongWithItsFolder", listening("unix:" + std::string(105, 'x')),
     "spillway.yaml:3:13: route \"a\": `listen`: ", "too long"},
    {"SameAddressTwice", listening("[\"127.0.0.1:7443\", \"127.0.0.1:7443\"]"),
     "spillway.yaml:3:32: route \"a\": `listen`: 127.0.0.1:7443 cannot stand beside 127.0.0.1:7443 "
     "in this route (at 3:14)",
     "write another port, or remove one"},
    {"SameAddressInTwoRoutes",
     "routes:\n  - {name: a, listen: \"0.0.0.0:7443\", echo: true}\n"
     "  - {name: b, listen: \"127.0.0.1:7443\", echo: true}\n",
     "spillway.yaml:3:15: route \"b\": `listen`: 127.0.0.1:7443 cannot stand beside 0.0.0.0:7443 "
     "in route \"a\" (at 2:15)",
     "write another port"},
    {"UnsetVariable", listening("${NOWHERE}:7443"),
     "spillway.yaml:3:13: the environment variable `NOWHERE` is not set", "set it, or write"},
    {"TimeoutWithoutUnit", in_route("timeouts: {idle: 10}"),
     "spillway.yaml:5:22: route \"a\": `idle: 10` needs a unit", "write `10s`, `10m` or `10h`"},
    {"TimeoutTooLong", in_route("timeouts: {lifetime: 99999999999h}"),
     "spillway.yaml:5:26: route \"a\": `lifetime: 99999999999h` is too large", "`87600h`"},
    {"UnknownTimeout", in_route("timeouts: {idel: 10s}"),
     "spillway.yaml:5:16: route \"a\": unknown key `idel`", "did you mean `idle`?"},
};

const std::vector<Broken> purposes = {
    {"NeitherEchoNorUpstream", purpose(""),
     "spillway.yaml:2:5: route \"a\": the route has neither `echo` nor `upstream`",
     "write `echo: true`"},
    {"EchoFalseAlone", purpose("    echo: false\n"),
     "spillway.yaml:4:5: route \"a\": `echo: false` leaves the route without a purpose",
     "write `echo: true`, or an `upstream`"},
    {"BothEchoAndUpstream", in_route("upstream: {servers: \"127.0.0.1:1\"}"),
     "spillway.yaml:5:5: route \"a\": `echo` and `upstream` exclude each other",
     "keep one of the two"},
    {"EchoYes", purpose("    echo: yes\n"),
     "spillway.yaml:4:11: route \"a\": `echo: yes` is neither yes nor no",
     "write `true` or `false`"},
    {"EchoInQuotes", purpose("    echo: \"true\"\n"),
     "spillway.yaml:4:11: route \"a\": `echo: true` is text", "without them"},
    {"UpstreamAsWord", with_upstream("127.0.0.1:7000"),
     "spillway.yaml:4:15: route \"a\": `upstream: 127.0.0.1:7000` is not enough",
     "it takes keys such as `{servers:"},
    {"NoServers", with_upstream("{connect_timeout: 5s}"),
     "spillway.yaml:4:15: route \"a\": `servers` is missing", "write for instance `servers:"},
    {"ServerWithPortZero", with_upstream("{servers: [\"127.0.0.1:1\", \"127.0.0.1:0\"]}"),
     "spillway.yaml:4:41: route \"a\": `servers`: 127.0.0.1:0 has port 0", "the server's port"},
    {"NoTimeToConnect", with_upstream("{servers: \"127.0.0.1:1\", connect_timeout: 0s}"),
     "spillway.yaml:4:57: route \"a\": `connect_timeout: 0s` leaves no time", "`5s`"},
    {"UpstreamOfALaterVersion", with_upstream("{servers: \"127.0.0.1:1\", retries: 2}"),
     "spillway.yaml:4:40: route \"a\": unknown key `retries`",
     "`servers`, `connect_timeout` or `tls`"},
};

const std::vector<Broken> tls_keys = {
    {"TlsAsWord", in_route("tls: true"),
     "spillway.yaml:5:10: route \"a\": `tls: true` is not enough", "`{self_signed: true}`"},
    {"TlsWithoutCertificate", in_route("tls: {min_version: \"1.3\"}"),
     "spillway.yaml:5:5: route \"a\": `tls` has neither `certificates` nor `self_signed`",
     "leave `tls` out for plain TCP"},
    {"BothCertificateAndSelfSigned",
     in_route("tls: {self_signed: true, certificates: [{cert: good.crt, key: good.key}]}"),
     "spillway.yaml:5:30: route \"a\": `certificates` and `self_signed` exclude each other",
     "keep one of the two"},
    {"OldTlsVersion", in_route("tls: {self_signed: true, min_version: \"1.1\"}"),
     "spillway.yaml:5:43: route \"a\": `min_version: 1.1` is not known", "did you mean `1.2`?"},
    {"NoTimeForHandshake", in_route("tls: {self_signed: true, handshake_timeout: 0s}"),
     "spillway.yaml:5:49: route \"a\": `handshake_timeout: 0s` leaves no time", "`10s`"},
    {"CertificatesAsMap", in_route("tls: {certificates: {cert: good.crt}}"),
     "spillway.yaml:5:25: route \"a\": `certificates` takes a list", "not a map"},
    {"NoCertificateFile", in_route("tls: {certificates: [{key: good.key}]}"),
     "spillway.yaml:5:26: route \"a\": `cert` is missing", "`cert: feed.crt`"},
    {"MissingCertificate", in_route("tls: {certificates: [{cert: no.crt, key: good.key}]}"),
     "spillway.yaml:5:27: route \"a\": `cert`: no.crt cannot be read", "No such file"},
    {"MissingKeyFile", in_route("tls: {certificates: [{cert: good.crt, key: no.key}]}"),
     "spillway.yaml:5:43: route \"a\": `key`: no.key cannot be read", "No such file"},
    {"FolderAsKey", in_route("tls: {certificates: [{cert: good.crt, key: .}]}"),
     "spillway.yaml:5:43: route \"a\": `key`: ", "is a directory"},
    {"KeyOfAnotherCertificate", in_route("tls: {certificates: [{cert: good.crt, key: other.key}]}"),
     "spillway.yaml:5:43: route \"a\": `key`: other.key: ", "does not match"},
    {"GarbageAsCertificate",
     in_route("tls: {certificates: [{cert: spillway.yaml, key: good.key}]}"),
     "spillway.yaml:5:27: route \"a\": `cert`: spillway.yaml: ", "no certificate found"},
    {"KeyAsCertificate", in_route("tls: {certificates: [{cert: good.key, key: good.key}]}"),
     "spillway.yaml:5:27: route \"a\": `cert`: good.key: ", "swapped"},
    {"CertificateWithoutKey", in_route("tls: {certificates: [{cert: good.crt}]}"),
     "spillway.yaml:5:27: route \"a\": `cert`: good.crt, which has to hold the key too",
     "no private key"},
    {"TwoCertificatesOfOneKind",
     in_route("tls: {certificates: [{cert: good.pem}, {cert: other.pem}]}"),
     "spillway.yaml:5:11: route \"a\": `certificates`: ", "one per type"},
};

class BrokenFile : public testing::TestWithParam<Broken> {};

TEST_P(BrokenFile, IsRefusedAtThePlaceOfItsOnlyFault) { expect_only_fault(GetParam()); }

INSTANTIATE_TEST_SUITE_P(WholeFile, BrokenFile, testing::ValuesIn(whole_files), name_of);
INSTANTIATE_TEST_SUITE_P(GeneralKeys, BrokenFile, testing::ValuesIn(general_keys), name_of);
INSTANTIATE_TEST_SUITE_P(RouteKeys, BrokenFile, testing::ValuesIn(route_keys), name_of);
INSTANTIATE_TEST_SUITE_P(Purpose, BrokenFile, testing::ValuesIn(purposes), name_of);
INSTANTIATE_TEST_SUITE_P(Tls, BrokenFile, testing::ValuesIn(tls_keys), name_of);

}  // namespace
}  // namespace spillway::test
