"""Starts the daemon and its peers, waits on conditions and never for a time, and cleans up.

The daemon under test is named by the environment variable SPILLWAY_DAEMON.
"""

from harness.admin import Admin
from harness.case import SpillwayTest
from harness.daemon import Daemon
from harness.flow import Sink, Source
from harness.held_thread import HeldThread, event_loops
from harness.identity import Identity
from harness.messages import Lines, Prefixed, numbers_in
from harness.output import PATIENCE, Output, wait_until
from harness.plain_peer import PlainPeer
from harness.program import Program
from harness.sockets import end_of_stream, receive_exactly, receive_to_end, reset
from harness.tls_peer import TlsPeer, Truncated

__all__ = ["Admin", "Daemon", "HeldThread", "Identity", "Lines", "Output", "PATIENCE", "PlainPeer",
           "Prefixed", "Program", "Sink", "Source", "SpillwayTest", "TlsPeer", "Truncated",
           "end_of_stream", "event_loops", "numbers_in", "receive_exactly", "receive_to_end", "reset",
           "wait_until"]
