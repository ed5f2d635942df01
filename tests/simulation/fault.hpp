// Wrongs that a simulation must find.
#pragma once

#include <array>
#include <string_view>

namespace spillway::simulation {

/// What a run does wrong on purpose, below the connection (in the transport) or above it (between
/// the connection and the application): proof that the checks can fail.
enum class Fault {
  none,
  swallow_written_byte,
  double_written_byte,
  corrupt_read_byte,
  lose_writeable,
  lose_readable,
  double_sent,
  skip_sent,
  double_unthrottled,
  skip_throttled,
  swap_received,
  deliver_while_muted,
  sent_inside_send,
  skip_closed,
  received_after_closed,
  skip_end,
};

struct NamedFault {
  Fault fault;
  std::string_view name;
};

inline constexpr std::array every_fault{
    NamedFault{Fault::swallow_written_byte, "swallow_written_byte"},
    NamedFault{Fault::double_written_byte, "double_written_byte"},
    NamedFault{Fault::corrupt_read_byte, "corrupt_read_byte"},
    NamedFault{Fault::lose_writeable, "lose_writeable"},
    NamedFault{Fault::lose_readable, "lose_readable"},
    NamedFault{Fault::double_sent, "double_sent"},
    NamedFault{Fault::skip_sent, "skip_sent"},
    NamedFault{Fault::double_unthrottled, "double_unthrottled"},
    NamedFault{Fault::skip_throttled, "skip_throttled"},
    NamedFault{Fault::swap_received, "swap_received"},
    NamedFault{Fault::deliver_while_muted, "deliver_while_muted"},
    NamedFault{Fault::sent_inside_send, "sent_inside_send"},
    NamedFault{Fault::skip_closed, "skip_closed"},
    NamedFault{Fault::received_after_closed, "received_after_closed"},
    NamedFault{Fault::skip_end, "skip_end"},
};

}  // namespace spillway::simulation
