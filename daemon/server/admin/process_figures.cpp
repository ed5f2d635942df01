#include "daemon/server/admin/process_figures.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace spillway::server::admin {

namespace {

// Fields of /proc/self/stat behind the name, of which the first is number 3.
constexpr std::size_t first_field = 3;
constexpr std::size_t user_time = 14;
constexpr std::size_t system_time = 15;
constexpr std::size_t thread_count = 20;
constexpr std::size_t start_time = 22;
constexpr std::size_t virtual_size = 23;
constexpr std::size_t resident_pages = 24;

std::string text_of(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string_view next_word(std::string_view& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::uint64_t boot_time(std::string_view system) {
  constexpr std::string_view key = "btime ";
  const std::size_t at = system.find(key);
  return at == std::string_view::npos ? 0 : number(system.substr(at + key.size()));
}

// Newer kernels tell the number as the folder's size; of older ones the entries are counted.
std::uint64_t count_descriptors() {
  struct stat folder {};
  if (::stat("/proc/self/fd", &folder) == 0 && folder.st_size > 0) {
    return static_cast<std::uint64_t>(folder.st_size);
  }
  std::error_code error;
  std::uint64_t count = 0;
  std::filesystem::directory_iterator entry("/proc/self/fd", error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) ++count;
  return count;
}

}  // namespace

ProcessFigures parse_process_figures(std::string_view process, std::string_view system) {
  // The name may hold anything, blanks and brackets too.
  const std::size_t name_end = process.rfind(") ");
  if (name_end == std::string_view::npos) return {};
  process.remove_prefix(name_end + 2);
  std::array<std::uint64_t, resident_pages + 1> fields{};
  for (std::size_t field = first_field; field < fields.size(); ++field) {
    fields[field] = number(next_word(process));
  }
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const double since_boot = static_cast<double>(fields[start_time]) / ticks;
  const double started = static_cast<double>(boot_time(system)) + since_boot;
  ProcessFigures figures;
  figures.started = std::chrono::system_clock::time_point(
      std::chrono::milliseconds(static_cast<std::int64_t>(started * 1000)));
  figures.cpu_seconds = static_cast<double>(fields[user_time] + fields[system_time]) / ticks;
  figures.threads = fields[thread_count];
  figures.virtual_bytes = fields[virtual_size];
  figures.resident_bytes =
      fields[resident_pages] * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return figures;
}

ProcessFigures read_process_figures() {
  ProcessFigures figures = parse_process_figures(text_of("/proc/self/stat"), text_of("/proc/stat"));
  figures.open_descriptors = count_descriptors();
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) figures.most_descriptors = limit.rlim_cur;
  return figures;
}

}  // namespace spillway::server::admin
