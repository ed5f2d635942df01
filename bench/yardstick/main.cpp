// The least that a TLS-terminating relay can do: the bar that spillway is held against.
#include "bench/yardstick/loop.hpp"
#include "bench/yardstick/tls.hpp"

#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdio>
#include <deque>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr const char* usage =
    "usage: bench_yardstick --listen ADDRESS:PORT --upstream ADDRESS:PORT\n"
    "                       {--cert FILE --key FILE | --plain} [--threads N]\n";

struct Options {
  sockaddr_in listen{};
  sockaddr_in upstream{};
  std::string certificate;
  std::string key;
  int threads = 1;
  bool plain = false;
};

int number(const std::string& text, int last) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc{} && stop == end && value >= 1 && value <= last) return value;
  throw std::invalid_argument("'" + text + "' is not a number from 1 to " + std::to_string(last));
}

sockaddr_in address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  sockaddr_in result{};
  result.sin_family = AF_INET;
  if (colon == std::string::npos ||
      ::inet_pton(AF_INET, text.substr(0, colon).c_str(), &result.sin_addr) != 1) {
    throw std::invalid_argument("'" + text + "' is not ADDRESS:PORT with an IPv4 address");
  }
  result.sin_port = htons(static_cast<in_port_t>(number(text.substr(colon + 1), 65535)));
  return result;
}

Options parse(int argc, char** argv) {
  const option known[] = {{"listen", required_argument, nullptr, 'l'},
                          {"upstream", required_argument, nullptr, 'u'},
                          {"cert", required_argument, nullptr, 'c'},
                          {"key", required_argument, nullptr, 'k'},
                          {"threads", required_argument, nullptr, 't'},
                          {"plain", no_argument, nullptr, 'p'},
                          {}};
  Options options;
  for (int name = 0; (name = ::getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    if (name == 'l') options.listen = address(optarg);
    if (name == 'u') options.upstream = address(optarg);
    if (name == 'c') options.certificate = optarg;
    if (name == 'k') options.key = optarg;
    if (name == 't') options.threads = number(optarg, 1024);
    if (name == 'p') options.plain = true;
    if (name == '?') throw std::invalid_argument("wrong option");
  }
  const bool secured = !options.certificate.empty() && !options.key.empty();
  if (optind < argc || options.listen.sin_port == 0 || options.upstream.sin_port == 0 ||
      options.plain == secured) {
    throw std::invalid_argument("options are missing, or too many");
  }
  return options;
}

void allow_all_descriptors() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

[[noreturn]] void leave(int status, const char* reason) {
  std::fprintf(stderr, "bench_yardstick: %s\n", reason);
  ::_exit(status);
}

void serve(yardstick::Loop& loop) {
  try {
    loop.run();
  } catch (const std::exception& error) {
    leave(1, error.what());
  }
}

void relay(const Options& options) {
  allow_all_descriptors();
  yardstick::SslContextPtr context;
  if (!options.plain) context = yardstick::make_context(options.certificate, options.key);
  std::deque<yardstick::Loop> loops;
  for (int i = 0; i < options.threads; ++i) {
    loops.emplace_back(options.listen, options.upstream, context.get());
  }
  std::puts("listening");
  std::fflush(stdout);
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < loops.size(); ++i) {
    threads.emplace_back([&loop = loops[i]] { serve(loop); });
  }
  serve(loops.front());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    relay(parse(argc, argv));
  } catch (const std::invalid_argument& error) {
    std::fputs(usage, stderr);
    leave(2, error.what());
  } catch (const std::exception& error) {
    leave(1, error.what());
  }
}
