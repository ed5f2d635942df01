// An event as text or JSON, without its time and level: those are the log's.
#pragma once

#include "daemon/observe/event.hpp"

#include <string>
#include <string_view>

namespace spillway::observe {

/// `event key=value ...`. A value that is empty, or has a space, a quote, '=' or a byte that a
/// terminal would act on, is quoted and escaped: what a peer sends cannot forge a line or a key.
std::string render_text(const Event& event);

/// `"event":"...","key":value,...`: the inside of an object. Always valid UTF-8, whatever the
/// values hold.
std::string render_json(const Event& event);

/// `value` as a JSON string, which is valid UTF-8 whatever it holds.
void append_json_string(std::string& line, std::string_view value);

}  // namespace spillway::observe
