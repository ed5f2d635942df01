#!/usr/bin/env python3
"""What docs/configuration.md says of a reload, key by key: what counts at once has its effect, and
what takes a restart keeps its old value and is named."""

import re
import signal
import socket
import unittest
from pathlib import Path

from harness import PlainPeer, SpillwayTest, end_of_stream, receive_exactly, wait_until

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"

HEAD = """\
threads: {threads}
log: {{level: {level}, format: {format}, target: {target}}}
metrics: {{log_interval: {interval}}}
admin: {{listen: "{admin}"}}
shutdown: {{drain_timeout: {drain_timeout}}}
limits: {{connections: {connections}, memory: {memory}}}
"""

ROUTES = """
- name: echo
  listen: 127.0.0.1:0
  echo: true
  limits: {{connections: {route_connections}}}
- name: stuck
  listen: 127.0.0.1:0
  upstream: {{servers: "{upstream}"}}
  overflow: {{to_client: {{policy: pause, queue: 64MiB}}}}
"""

START = {"threads": "2", "level": "info", "format": "json", "target": "stderr", "interval": "1h",
         "admin": "127.0.0.1:0", "drain_timeout": "10m", "connections": "100", "memory": "1GiB",
         "route_connections": "100"}

MIB = 1 << 20


class ReloadTest(SpillwayTest):
    def serve(self, **settings: str) -> None:
        self.settings = START | settings
        self.listener, self.upstream = self.listen()
        self.daemon = self.start_daemon(*self.files())
        self.admin = self.daemon.admin()
        self.addCleanup(self.admin.close)
        self.reloads = 0

    def files(self) -> tuple:
        return (ROUTES.format(upstream=self.upstream, **self.settings),
                HEAD.format(**self.settings))

    def reload(self, **settings: str) -> None:
        """Not until a line says so: at the level that it may set there is none."""
        self.settings |= settings
        self.write_config(*self.files())
        self.daemon.signal(signal.SIGHUP)
        self.reloads += 1
        wait_until("the reload", lambda: self.admin.status()["reload"]["succeeded"] == self.reloads)

    def open(self) -> socket.socket:
        client = self.connect(self.daemon.address("echo"))
        self.assert_echoes(client)
        return client

    def assert_echoes(self, client: socket.socket) -> None:
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(client, 5), b"hello")

    def end(self, client: socket.socket) -> int:
        """The number of its session, which is over then; its line is written if it is to be."""
        here = "%s:%d" % client.getsockname()
        number, = (each["conn"] for each in self.admin.connections() if each["client"] == here)
        client.close()
        wait_until("its end", lambda: number not in [each["conn"]
                                                     for each in self.admin.connections()])
        return number


class AtOnce(ReloadTest):
    def test_each_key_has_its_effect(self):
        effects = {"log.level": self.see_log_level,
                   "metrics.log_interval": self.see_log_interval,
                   "shutdown.drain_timeout": self.see_drain_timeout,
                   "limits.connections": self.see_connections_of_the_process,
                   "limits.memory": self.see_memory}
        self.assertEqual(set(effects), documented("at once"))
        for key, see in effects.items():
            with self.subTest(key):
                see()

    def see_log_level(self) -> None:
        self.serve(level="info")
        seen = [self.end(self.open())]
        for level in ("warning", "info", "error"):
            self.reload(level=level)
            number = self.end(self.open())
            if level == "info":
                seen.append(number)
        self.assertEqual(self.daemon.stop(), 0)
        told = [line["conn"] for line in self.daemon.events("connection_closed")]
        self.assertEqual(told, seen)

    def see_log_interval(self) -> None:
        self.serve(interval="1h")
        client = self.open()
        self.reload(interval="20ms")
        line = self.daemon.wait_for_event("metrics", route="echo")
        self.assertEqual(line["bytes_in"], 5)
        self.reload(interval="0s")
        self.assert_echoes(client)  # it would be in the last line, that of the stop
        client.close()
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.daemon.events("metrics")[-1]["total_bytes_in"], 5)

    def see_drain_timeout(self) -> None:
        self.serve(drain_timeout="10m")
        client = self.open()
        self.reload(drain_timeout="50ms")
        self.daemon.signal(signal.SIGTERM)
        self.assertEqual(end_of_stream(client), "reset")
        self.assertEqual(self.daemon.exit_code(), 1)

    def see_connections_of_the_process(self) -> None:
        self.see_connections("connections")

    def see_connections(self, setting: str) -> None:
        self.serve(**{setting: "1"})
        first = self.open()
        self.assert_turned_away()
        self.reload(**{setting: "2"})
        second = self.open()
        self.assert_turned_away()
        self.reload(**{setting: "1"})
        for client in (first, second):
            self.assert_echoes(client)
        self.end(first)
        self.assert_turned_away()
        self.reload(**{setting: "0"})
        for client in (second, self.open(), self.open()):
            self.assert_echoes(client)

    def assert_turned_away(self) -> None:
        try:
            client = self.connect(self.daemon.address("echo"))
        except ConnectionResetError:
            return
        self.assertEqual(end_of_stream(client), "reset")

    def see_memory(self) -> None:
        self.serve(memory="1MiB", interval="20ms")
        self.reload(memory="0")
        held = self.fill(8 * MIB)
        self.assertGreater(held, 4 * MIB)
        self.assertEqual(self.daemon.events("memory_limit"), [])
        self.reload(memory="2MiB")
        line = self.daemon.wait_for_event("memory_limit")
        self.assertEqual((line["limit"], line["route"]), (2 * MIB, "stuck"))
        self.daemon.wait_for_event("connection_closed", conn=line["conn"], end_reason="memory")

    def fill(self, size: int) -> int:
        """A session that is stuck. How much of the `size` waits in its queue."""
        self.connect(self.daemon.address("stuck"))
        PlainPeer(self.accept(self.listener)).send(bytes(size))
        line = self.daemon.wait_for_metrics(lambda line: line["total_bytes_in"] == size,
                                            route="stuck", direction="to_client")
        return line["queued_bytes"]

    def test_a_routes_limit_counts_those_that_are_there(self):
        self.see_connections("route_connections")


class Restart(ReloadTest):
    def test_exactly_the_documented_keys_are_named_and_kept(self):
        self.serve()
        kept = {"threads": "1", "format": "text", "target": "stdout", "admin": "unix:other.sock"}
        at_once = {"level": "warning", "interval": "1m", "drain_timeout": "1m", "connections": "50",
                   "memory": "1MiB"}
        self.reload(**kept, **at_once)
        # It is what runs that a file is compared with, and not the file before.
        self.reload(connections="51")
        self.reload(**{setting: START[setting] for setting in kept})
        self.assertEqual(self.admin.status()["event_loops"], 2)
        self.assertFalse((self.folder / "other.sock").exists())
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.daemon.output.to_end(), b"")
        self.assertEqual(self.named(), sorted(2 * list(documented("restart"))))

    def named(self) -> list:
        return sorted(line["key"] for line in self.daemon.events("reload_needs_restart",
                                                                 level="warning"))

    def test_a_limit_of_memory_can_be_taken_away_and_not_be_begun(self):
        for before, after, named in (("0", "1MiB", ["limits.memory"]), ("1MiB", "0", [])):
            with self.subTest(before=before):
                self.serve(memory=before)
                self.reload(memory=after)
                self.assertEqual(self.daemon.stop(), 0)
                self.assertEqual(self.named(), named)


def documented(how: str) -> set:
    """The keys of the process that a reload changes so, by the table."""
    part = DOCUMENT.read_text(encoding="utf-8").partition("\n## The process\n")[2]
    rows = re.findall(r"^\| `([\w.]+)` \|.*?\|.*?\| ([\w ]+) \|", part.partition("\n## ")[0],
                      re.MULTILINE)
    assert rows, "the table is not where it was"
    return {key for key, reload in rows if reload == how}


if __name__ == "__main__":
    unittest.main()
