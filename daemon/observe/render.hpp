// An event as text or JSON, without its time and level: those are the log's.
#pragma once

#include "daemon/observe/event.hpp"

#include <string>

namespace spillway::observe {

/// `event key=value ...`. A value that is empty, or has a space, a quote, '=' or a byte that a
/// terminal would act on, is quoted and escaped: what a peer sends cannot forge a line or a key.
std::string render_text(const Event& event);

/// `"event":"...","key":value,...`: the inside of an object. Always valid UTF-8, whatever the
/// values hold.
std::string render_json(const Event& event);

}  // namespace spillway::observe
