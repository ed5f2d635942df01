#!/usr/bin/env python3
"""An address that an event loop cannot take on keeps no other one of the same reload away, is told in a
line, and is tried again by the next reload, even of the same file."""

import signal
import unittest
from pathlib import Path

from harness import Program, SpillwayTest, event_loops, receive_exactly, wait_until

LISTEN = "0A"

HEAD = """\
threads: {loops}
log: {{level: info, format: json, target: stderr}}
admin: {{listen: "unix:admin.sock"}}
"""
STAY = '- {name: stay, listen: "127.0.0.1:0", echo: true}\n'
NEW = '- {{name: {name}, listen: "127.0.0.1:0", echo: true}}\n'


class FailedListenersAreTriedAgain(SpillwayTest):
    def serve(self, loops: int) -> None:
        self.head = HEAD.format(loops=loops)
        self.daemon = self.start_daemon(STAY, self.head)
        self.daemon.address("stay")
        self.reloads = 0

    def reload(self, routes: str) -> None:
        self.write_config(routes, self.head)
        self.daemon.signal(signal.SIGHUP)
        self.reloads += 1
        self.daemon.wait_for_events(self.reloads, "reloaded")

    def refuse_the_next_watch(self, loop: int) -> Program:
        """The loop's thread gets an error where it wants to hear of a descriptor."""
        tracer = self.start("strace", "-e", "trace=epoll_ctl", "-e",
                            "inject=epoll_ctl:error=ENOSPC:when=1", "-p", event_loops(self.daemon)[loop])
        tracer.errors.wait_for("strace", lambda seen: b"attached" in seen)
        return tracer

    def end_trace(self, tracer: Program) -> None:
        tracer.signal(signal.SIGINT)
        tracer.exit_code()

    def fail(self, loop: int) -> dict:
        """Adds two routes of which the loop cannot take on the first."""
        tracer = self.refuse_the_next_watch(loop)
        self.reload(STAY + NEW.format(name="first") + NEW.format(name="second"))
        failed = self.daemon.wait_for_event("listen_failed", level="error")
        self.end_trace(tracer)
        self.assertEqual((failed["route"], failed["loop"]), ("first", loop))
        self.assertIn("No space left on device", failed["reason"])
        return failed

    def reload_the_same(self) -> None:
        self.reload(STAY + NEW.format(name="first") + NEW.format(name="second"))

    def listeners(self, address: str) -> int:
        port = int(address.rpartition(":")[2])
        sockets = [line.split() for line in
                   Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()]
        return sum(fields[1].endswith(f":{port:04X}") and fields[3] == LISTEN
                   for fields in sockets)

    def assert_served(self, route: str) -> None:
        address = self.daemon.events("listening", route=route)[-1]["listen"].rpartition(":")
        client = self.connect((address[0], int(address[2])))
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(client, 5), b"hello")
        client.close()

    def test_by_the_loop_that_lacks_it(self):
        self.serve(loops=2)
        address = self.fail(loop=1)["listen"]
        self.assertEqual(self.listeners(address), 1)
        self.assertEqual(self.daemon.events("listening_ended"), [])
        for route in ("first", "second"):
            self.assert_served(route)
        self.reload_the_same()
        wait_until("both loops to have it", lambda: self.listeners(address) == 2)
        for _ in range(20):
            self.assert_served("first")
        self.assertEqual(len(self.daemon.events("listening", route="first")), 1)
        self.assertEqual(len(self.daemon.events("listen_failed")), 1)

    def test_where_no_other_loop_has_it(self):
        self.serve(loops=1)
        failed = self.fail(loop=0)
        ended = self.daemon.wait_for_event("listening_ended")
        self.assertEqual((ended["route"], ended["listen"]), ("first", failed["listen"]))
        self.assert_served("second")
        self.reload_the_same()
        self.daemon.wait_for_events(2, "listening", route="first")
        self.assert_served("first")


if __name__ == "__main__":
    unittest.main()
