// One case of the matrix: what is under test in every scenario.
#pragma once

#include "daemon/config/config.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace spillway::testing {

/// Which way the bytes go; an echo's go back to where they came from.
enum class Way { to_client, to_upstream, echo };
/// Which side speaks TLS.
enum class Guard { plain, client_tls, upstream_tls };
enum class Shape { none, line, delimiter, prefix_big, prefix_little, fixed };

struct Cell {
  config::OverflowPolicy policy;
  Way way;
  Guard guard;
  Shape shape;

  [[nodiscard]] bool drops() const { return config::drops(policy); }
  [[nodiscard]] bool has_messages() const { return shape != Shape::none; }
};

config::Framing framing_of(Shape shape);

/// Every combination that the configuration allows, or those of them that are `wanted`.
std::vector<Cell> all_cells();
std::vector<Cell> cells_where(const std::function<bool(const Cell&)>& wanted);

/// For gtest: the cell in the test's name.
std::string cell_name(const ::testing::TestParamInfo<Cell>& info);
void PrintTo(const Cell& cell, std::ostream* out);

}  // namespace spillway::testing
