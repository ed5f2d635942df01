// The page that shows the daemon live.
#pragma once

#include <string_view>

namespace spillway::server::admin {

struct PageFile {
  std::string_view type;
  std::string_view text;
};

/// The files of the folder `page`, as they were at the build. REQUIRES: `/`, `/page.css` or
/// `/page.js`.
PageFile page_file(std::string_view path);

}  // namespace spillway::server::admin
