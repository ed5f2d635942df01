#include "bench/load/arguments.hpp"

#include "bench/load/failure.hpp"
#include "bench/load/number.hpp"
#include "bench/load/pattern.hpp"
#include "bench/load/split.hpp"

namespace load {

const std::string_view usage =
    R"(usage: bench_load --backend ADDR --target ADDR[,ADDR...] --group KIND:CONNECTIONS[:BYTES] ...

Both ends of a TLS-terminating proxy in one process: the clients in front of it and the plain TCP
server behind it. Says as one JSON object what went through and what it cost.

  --backend ADDR       listen here; this is what the proxy connects to
  --target ADDR,...    the proxy; connections take turns
  --group GROUP        connections that do the same; may be repeated
  --seconds S          length of the measured window (3)
  --warmup S           time before it (1)
  --cpu-of PID,...     processes whose CPU time and memory to measure
  --plain              plain TCP instead of TLS
  --lines N            every Nth byte of a stream ends a line, and no other

Kinds of groups:
  download             the server sends without end
  echo                 the client sends pieces of BYTES (65536) without end, the server returns them
  pingpong             one message of BYTES (64) there and back, then the next
  handshake            connect, full handshake, one byte there and back, close; again
  resume               the same with the previous connection's ticket
  churn                as handshake, with ten messages of 64 bytes there and back before the close
  idle                 opened, then silent
  stalled              a download that nobody reads

"failed" counts connections of handshake, resume and churn that broke off, those of resume that
were not resumed, stalled ones that were closed, and those that should have heard something in the
window and did not. Other lost connections and wrong bytes end the run with exit code 1.
)";

namespace {

class Words {
 public:
  explicit Words(const std::vector<std::string>& words) : next_(words.begin()), end_(words.end()) {}

  [[nodiscard]] bool left() const { return next_ != end_; }
  const std::string& take() { return *next_++; }
  const std::string& value_of(const std::string& option) {
    if (!left()) throw WrongUsage(option + " needs a value");
    return take();
  }

 private:
  std::vector<std::string>::const_iterator next_;
  std::vector<std::string>::const_iterator end_;
};

Address address(const std::string& option, const std::string& text) {
  if (auto result = Address::parse(text)) return *result;
  throw WrongUsage(option + ": \"" + text + "\" is no address; write it like 127.0.0.1:7443");
}

std::vector<Address> addresses(const std::string& option, const std::string& text) {
  std::vector<Address> result;
  for (const std::string& part : split(text, ',')) result.push_back(address(option, part));
  return result;
}

std::vector<pid_t> processes(const std::string& option, const std::string& text) {
  std::vector<pid_t> result;
  for (const std::string& part : split(text, ',')) {
    const auto pid = number<pid_t>(part);
    if (!pid || *pid < 1) throw WrongUsage(option + ": \"" + part + "\" is no process number");
    result.push_back(*pid);
  }
  return result;
}

std::chrono::duration<double> seconds(const std::string& option, const std::string& text,
                                      double least) {
  constexpr double most = 3600;
  const auto result = number<double>(text);
  if (result && *result >= least && *result <= most) return std::chrono::duration<double>(*result);
  throw WrongUsage(option + ": \"" + text + "\" is no number of seconds from " +
                   std::string(least > 0 ? "0.1" : "0") + " to 3600");
}

std::size_t line(const std::string& option, const std::string& text) {
  const auto result = number<std::size_t>(text);
  if (result && *result >= 2 && *result <= Pattern::most_in_line) return *result;
  throw WrongUsage(option + ": \"" + text + "\" is no length of a line from 2 to " +
                   std::to_string(Pattern::most_in_line));
}

void set(Arguments& arguments, const std::string& option, Words& words) {
  if (option == "--help" || option == "-h") {
    arguments.help = true;
  } else if (option == "--plain") {
    arguments.plain = true;
  } else if (option == "--lines") {
    arguments.line = line(option, words.value_of(option));
  } else if (option == "--backend") {
    arguments.backend = address(option, words.value_of(option));
  } else if (option == "--target") {
    arguments.targets = addresses(option, words.value_of(option));
  } else if (option == "--group") {
    arguments.groups.push_back(Group::parse(words.value_of(option)));
  } else if (option == "--seconds") {
    arguments.window = seconds(option, words.value_of(option), 0.1);
  } else if (option == "--warmup") {
    arguments.warm_up = seconds(option, words.value_of(option), 0);
  } else if (option == "--cpu-of") {
    arguments.cpu_of = processes(option, words.value_of(option));
  } else {
    throw WrongUsage("no option \"" + option + "\"; bench_load --help lists them");
  }
}

void check(const Arguments& arguments) {
  if (!arguments.backend.is_set()) throw WrongUsage("--backend ADDR is missing");
  if (arguments.targets.empty()) throw WrongUsage("--target ADDR is missing");
  if (arguments.groups.empty()) throw WrongUsage("--group KIND:CONNECTIONS is missing");
  for (const Group& group : arguments.groups) {
    if (!arguments.plain || group.kind != Kind::resume) continue;
    throw WrongUsage("--group " + group.text() + ": --plain has nothing to resume");
  }
}

}  // namespace

Arguments Arguments::parse(const std::vector<std::string>& words) {
  Arguments result;
  Words left(words);
  while (left.left() && !result.help) set(result, left.take(), left);
  if (!result.help) check(result);
  return result;
}

}  // namespace load
