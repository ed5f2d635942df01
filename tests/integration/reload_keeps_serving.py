#!/usr/bin/env python3
"""HUP: a bad file changes nothing, a good one is for who comes from then on, and whose route is gone
has time to leave."""

import contextlib
import signal
import socket
import unittest

from harness import HeldThread, SpillwayTest, end_of_stream, event_loops, receive_exactly

HEAD = """\
threads: 2
log: {level: info, format: json, target: stderr}
metrics: {log_interval: 0s}
shutdown: {drain_timeout: 30s}
"""
SHORT = HEAD.replace("30s", "200ms")


def stay(idle: str = "10m", more: str = "") -> str:
    return f"- {{name: stay, listen: 127.0.0.1:0, echo: true, timeouts: {{idle: {idle}}}{more}}}\n"


def extra(number: int = 0) -> str:
    return f"- {{name: extra-{number}, listen: 127.0.0.1:0, echo: true}}\n"


class ReloadKeepsServing(SpillwayTest):
    def serve(self, head: str = HEAD) -> None:
        self.head = head
        self.reloads = 0
        self.daemon = self.start_daemon(stay() + extra(), head)
        self.address = self.daemon.address("stay")

    def reload(self, routes: str) -> dict:
        self.write_config(routes, self.head)
        self.daemon.signal(signal.SIGHUP)
        self.reloads += 1
        return self.daemon.wait_for_events(self.reloads, "reloaded")[-1]

    def reload_badly(self, routes: str) -> None:
        told = len(self.daemon.events("reload_failed"))
        self.write_config(routes, self.head)
        self.daemon.signal(signal.SIGHUP)
        self.daemon.wait_for_events(told + 1, "reload_failed")

    def live_session(self, address) -> socket.socket:
        client = self.connect(address)
        self.exchange(client, b"hello")
        return client

    def exchange(self, client: socket.socket, data: bytes) -> None:
        client.sendall(data)
        self.assertEqual(receive_exactly(client, len(data)), data)

    def test_a_bad_file_changes_nothing_and_names_every_fault(self):
        self.serve()
        self.reload_badly("- {name: a, listen: 127.0.0.1, echo: true}\n- {nam: b}\n")
        self.live_session(self.address)
        self.reload(stay("5m") + extra())
        faults = [event["fault"] for event in self.daemon.events("reload_failed")]
        self.assertGreater(len(faults), 2)
        for fault in faults:
            self.assertRegex(fault, r"spillway\.yaml:\d+:\d+: ")

    def test_a_live_session_keeps_its_route_and_a_new_one_gets_the_new(self):
        self.serve()
        live = self.live_session(self.address)
        event = self.reload(stay(more=", framing: line, max_message: 16B") + extra())
        self.assertEqual(event["changed"], 1)
        new = self.connect(self.address)
        new.sendall(b"x" * 100)
        self.assertEqual(end_of_stream(new), "reset")
        self.exchange(live, b"y" * 100)

    def test_a_removed_route_drains(self):
        self.serve(SHORT)
        live = self.live_session(self.daemon.address("extra-0"))
        self.assertEqual(self.reload(stay())["removed"], 1)
        self.assertEqual(end_of_stream(live), "reset")
        closed = self.daemon.wait_for_event("connection_closed", route="extra-0")
        self.assertEqual((closed["end_reason"], closed["end_code"]), ("route_removed", "DD"))
        with self.assertRaises(ConnectionRefusedError):
            self.connect(self.daemon.address("extra-0"))
        self.assertEqual(self.daemon.stop(), 0)

    def test_an_address_may_come_back_before_the_loops_have_closed_it(self):
        back = '- {name: back, listen: "unix:back.sock", echo: true}\n'
        self.serve(HEAD + 'admin: {listen: "unix:admin.sock"}\n')
        self.reload(stay() + back)
        with contextlib.ExitStack() as held:
            for loop in event_loops(self.daemon):
                held.enter_context(HeldThread(loop))
            self.reload(stay())
            self.write_config(stay() + back, self.head)
            self.daemon.signal(signal.SIGHUP)
            self.daemon.wait_for_event("reload_postponed", level="info")
            self.daemon.signal(signal.SIGHUP)
            self.daemon.signal(signal.SIGUSR1)  # it comes after that
            self.daemon.wait_for_event("log_reopened")
            self.assertEqual(len(self.daemon.events("reload_postponed")), 1)
            self.assertEqual(len(self.daemon.events("reloaded")), self.reloads)
        self.daemon.wait_for_events(self.reloads + 1, "reloaded")
        self.assertEqual(self.daemon.events("reload_failed"), [])
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.connect(str(self.folder / "back.sock"))
        self.exchange(client, b"hello")

    def test_a_postponed_reload_is_ignored_once_it_drains(self):
        self.serve(HEAD + 'admin: {listen: "unix:admin.sock"}\n')
        with HeldThread(event_loops(self.daemon)[0]):
            self.reload(stay())
            self.daemon.signal(signal.SIGHUP)
            self.daemon.wait_for_event("reload_postponed")
            self.daemon.signal(signal.SIGTERM)
            self.daemon.wait_for_event("reload_ignored", reason="draining")
        self.assertEqual(self.daemon.exit_code(), 0)

    def test_a_reload_during_a_drain_is_ignored(self):
        self.serve()
        live = self.live_session(self.address)
        self.daemon.signal(signal.SIGTERM)
        self.daemon.wait_for_event("draining")
        self.daemon.signal(signal.SIGHUP)
        self.daemon.wait_for_event("reload_ignored", reason="draining")
        live.close()
        self.assertEqual(self.daemon.exit_code(), 0)

    def test_usr2_logs_every_live_connection(self):
        self.serve()
        count = 600
        for _ in range(count):
            self.live_session(self.address)
        self.daemon.signal(signal.SIGUSR2)
        lines = self.daemon.wait_for_events(count, "connection")
        self.assertEqual(len({line["conn"] for line in lines}), count)
        self.assertEqual({line["bytes_down"] for line in lines}, {5})
        self.assertNotIn("end_code", lines[0])


if __name__ == "__main__":
    unittest.main()
