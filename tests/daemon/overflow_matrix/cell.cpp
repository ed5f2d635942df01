#include "tests/daemon/overflow_matrix/cell.hpp"

#include "daemon/config/words.hpp"

#include <ostream>

namespace spillway::testing {

namespace {

using config::OverflowPolicy;

constexpr std::size_t fixed_size = 64;

std::string to_string(Way way) {
  switch (way) {
    case Way::to_client:
      return "to_client";
    case Way::to_upstream:
      return "to_upstream";
    case Way::echo:
      break;
  }
  return "echo";
}

std::string to_string(Guard guard) {
  switch (guard) {
    case Guard::plain:
      return "plain";
    case Guard::client_tls:
      return "client_tls";
    case Guard::upstream_tls:
      break;
  }
  return "upstream_tls";
}

std::string to_string(Shape shape) {
  switch (shape) {
    case Shape::none:
      return "none";
    case Shape::line:
      return "line";
    case Shape::delimiter:
      return "delimiter";
    case Shape::prefix_big:
      return "prefix_big";
    case Shape::prefix_little:
      return "prefix_little";
    case Shape::fixed:
      break;
  }
  return "fixed";
}

std::string name_of(const Cell& cell) {
  return std::string(config::word_for(config::overflow_policies, cell.policy)) + '_' +
         to_string(cell.way) + '_' + to_string(cell.guard) + '_' + to_string(cell.shape);
}

/// An echo has no upstream, and without messages nothing can be dropped between them.
bool is_possible(const Cell& cell) {
  return !(cell.way == Way::echo && cell.guard == Guard::upstream_tls) &&
         (cell.has_messages() || !cell.drops());
}

}  // namespace

config::Framing framing_of(Shape shape) {
  switch (shape) {
    case Shape::none:
      return config::NoFraming{};
    case Shape::line:
      return config::LineFraming{};
    case Shape::delimiter:
      return config::DelimiterFraming{.delimiter = "\r\n"};
    case Shape::prefix_big:
      return config::LengthPrefixFraming{.bytes = 2};
    case Shape::prefix_little:
      return config::LengthPrefixFraming{
          .bytes = 4, .order = config::ByteOrder::little, .includes_header = true};
    case Shape::fixed:
      break;
  }
  return config::FixedFraming{.size = fixed_size};
}

std::vector<Cell> all_cells() {
  return cells_where([](const Cell&) { return true; });
}

std::vector<Cell> cells_where(const std::function<bool(const Cell&)>& wanted) {
  std::vector<Cell> cells;
  for (const auto policy : {OverflowPolicy::pause, OverflowPolicy::drop_newest,
                            OverflowPolicy::drop_oldest, OverflowPolicy::close}) {
    for (const auto way : {Way::to_client, Way::to_upstream, Way::echo}) {
      for (const auto guard : {Guard::plain, Guard::client_tls, Guard::upstream_tls}) {
        for (const auto shape : {Shape::none, Shape::line, Shape::delimiter, Shape::prefix_big,
                                 Shape::prefix_little, Shape::fixed}) {
          const Cell cell{policy, way, guard, shape};
          if (is_possible(cell) && wanted(cell)) cells.push_back(cell);
        }
      }
    }
  }
  return cells;
}

std::string cell_name(const ::testing::TestParamInfo<Cell>& info) { return name_of(info.param); }

void PrintTo(const Cell& cell, std::ostream* out) { *out << name_of(cell); }

}  // namespace spillway::testing
