#include "daemon/config/units.hpp"

#include "daemon/config/spelling.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>

namespace spillway::config {

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// What people write for a unit that has another name here; in lower case.
struct Alias {
  std::string_view written;
  std::string_view meant;
};

struct System {
  std::span<const Unit> units;  // smallest first
  std::span<const Alias> aliases;
  std::string_view example;
  std::uint64_t max;
  std::string_view max_text;
};

constexpr auto duration_units = std::to_array<Unit>(
    {{"ms", 1}, {"s", 1000}, {"m", std::uint64_t{60} * 1000}, {"h", std::uint64_t{3600} * 1000}});
constexpr auto duration_aliases = std::to_array<Alias>({{"msec", "ms"},
                                                        {"millis", "ms"},
                                                        {"milliseconds", "ms"},
                                                        {"sec", "s"},
                                                        {"secs", "s"},
                                                        {"second", "s"},
                                                        {"seconds", "s"},
                                                        {"min", "m"},
                                                        {"mins", "m"},
                                                        {"minute", "m"},
                                                        {"minutes", "m"},
                                                        {"hr", "h"},
                                                        {"hour", "h"},
                                                        {"hours", "h"}});
constexpr std::uint64_t ten_years = std::uint64_t{87600} * 3600 * 1000;
constexpr System durations{duration_units, duration_aliases, "10s", ten_years, "87600h"};

constexpr auto size_units = std::to_array<Unit>({{"B", 1},
                                                 {"KiB", std::uint64_t{1} << 10},
                                                 {"MiB", std::uint64_t{1} << 20},
                                                 {"GiB", std::uint64_t{1} << 30}});
constexpr auto size_aliases = std::to_array<Alias>({{"byte", "B"},
                                                    {"bytes", "B"},
                                                    {"k", "KiB"},
                                                    {"kb", "KiB"},
                                                    {"m", "MiB"},
                                                    {"mb", "MiB"},
                                                    {"g", "GiB"},
                                                    {"gb", "GiB"}});
constexpr System sizes{size_units, size_aliases, "64KiB", std::uint64_t{1} << 40, "1024GiB"};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

const Unit* find_unit(const System& system, std::string_view name) {
  const auto found = std::find_if(system.units.begin(), system.units.end(),
                                  [name](const Unit& unit) { return unit.name == name; });
  return found == system.units.end() ? nullptr : &*found;
}

// The unit that a near miss was meant to be ("10 s", "64kib", "5sec").
std::optional<std::string_view> meant_unit(const System& system, std::string_view written) {
  const std::size_t begin = std::min(written.find_first_not_of(' '), written.size());
  const std::string word = lower(written.substr(begin));
  for (const Unit& unit : system.units) {
    if (lower(unit.name) == word) return unit.name;
  }
  for (const Alias& alias : system.aliases) {
    if (alias.written == word) return alias.meant;
  }
  return std::nullopt;
}

UnitError without_unit(const System& system, std::string_view number) {
  if (number == "0") return {"needs a unit: write `0" + std::string(system.units[1].name) + "`"};
  std::string text = "needs a unit: write ";
  for (std::size_t i = 1; i < system.units.size(); ++i) {
    if (i > 1) text += i + 1 == system.units.size() ? " or " : ", ";
    text += in_backticks(std::string(number) + std::string(system.units[i].name));
  }
  return {text};
}

UnitError not_understood(const System& system, std::string_view text) {
  if (text.starts_with('-')) {
    return {"is negative: write a number from 0 on, such as " + in_backticks(system.example)};
  }
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  if (end > 0) {
    if (const auto unit = meant_unit(system, text.substr(end))) {
      return {"has another unit here: write " +
              in_backticks(std::string(text.substr(0, end)) + std::string(*unit))};
    }
  }
  std::string names;
  for (std::size_t i = 0; i < system.units.size(); ++i) {
    if (i > 0) names += i + 1 == system.units.size() ? " or " : ", ";
    names += system.units[i].name;
  }
  return {"is not a whole number with a unit (" + names + "): write for instance " +
          in_backticks(system.example)};
}

boost::system::result<std::uint64_t, UnitError> parse(const System& system, std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  if (end == 0) return not_understood(system, text);
  if (end == text.size()) return without_unit(system, text);
  const Unit* unit = find_unit(system, text.substr(end));
  if (unit == nullptr) return not_understood(system, text);
  std::uint64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + end, number);
  if (error != std::errc() || number > system.max / unit->factor) {
    return UnitError{"is too large: write at most " + in_backticks(system.max_text)};
  }
  return number * unit->factor;
}

std::string write(const System& system, std::uint64_t value) {
  const Unit* best = &system.units[0];
  for (const Unit& unit : system.units) {
    if (value >= unit.factor && value % unit.factor == 0) best = &unit;
  }
  return std::to_string(value / best->factor) + std::string(best->name);
}

}  // namespace

boost::system::result<std::chrono::milliseconds, UnitError> parse_duration(std::string_view text) {
  const auto value = parse(durations, text);
  if (!value) return value.error();
  return std::chrono::milliseconds(*value);
}

boost::system::result<std::size_t, UnitError> parse_size(std::string_view text) {
  if (text == "0") return std::size_t{0};
  const auto value = parse(sizes, text);
  if (!value) return value.error();
  return static_cast<std::size_t>(*value);
}

std::string to_string(std::chrono::milliseconds duration) {
  if (duration.count() == 0) return "0s";
  return write(durations, static_cast<std::uint64_t>(duration.count()));
}

std::string size_to_string(std::size_t bytes) { return write(sizes, bytes); }

std::string rounded_size(std::size_t bytes) {
  const Unit* best = &size_units[0];
  for (const Unit& unit : size_units) {
    if (bytes >= unit.factor) best = &unit;
  }
  const std::uint64_t rest = bytes % best->factor;
  const std::uint64_t tenths = (rest * 10 + best->factor - 1) / best->factor;
  const std::uint64_t whole = bytes / best->factor + tenths / 10;
  const std::string fraction = tenths % 10 == 0 ? "" : '.' + std::to_string(tenths % 10);
  return std::to_string(whole) + fraction + std::string(best->name);
}

void throw_exception_from_error(const UnitError& error, const boost::source_location& where) {
  (void)where;
  throw std::logic_error(error.message);
}

}  // namespace spillway::config
