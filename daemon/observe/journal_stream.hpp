// Whether lines that are written end up in the system's journal.
#pragma once

#include <string_view>

namespace spillway::observe {

/// True if the service manager connected `descriptor` to the journal. It says so by `variable`, the
/// value of JOURNAL_STREAM (systemd.exec(5)), to every process of the service: also to one whose
/// output somebody has led elsewhere, which is why the descriptor counts.
bool is_journal_stream(int descriptor, std::string_view variable);

/// The same with the process's own variable.
bool is_journal(int descriptor);

}  // namespace spillway::observe
