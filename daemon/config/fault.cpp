#include "daemon/config/fault.hpp"

#include <algorithm>
#include <tuple>

namespace spillway::config {

std::string to_string(const Fault& fault) {
  std::string text = fault.file;
  if (fault.line > 0) {
    text += ':' + std::to_string(fault.line) + ':' + std::to_string(fault.column);
  }
  if (!text.empty()) text += ": ";
  if (!fault.route.empty()) text += "route \"" + fault.route + "\": ";
  return text + fault.message;
}

void sort_by_place(Faults& faults) {
  std::stable_sort(faults.begin(), faults.end(), [](const Fault& left, const Fault& right) {
    return std::tie(left.line, left.column) < std::tie(right.line, right.column);
  });
}

}  // namespace spillway::config
