#!/usr/bin/env python3
"""What a removed route has counted stays counted until all loops are done with it and its last line is
written, however unevenly they get there and however many reloads come meanwhile. Then it is gone."""

import signal
import socket
import unittest

from harness import SpillwayTest, receive_exactly, wait_until

HEAD = """\
threads: 2
log: {{level: info, format: json, target: stderr}}
metrics: {{log_interval: {interval}}}
admin: {{listen: "unix:admin.sock"}}
"""
STAY = '- {name: stay, listen: "127.0.0.1:0", echo: true}\n'
GONE = '- {name: gone, listen: "127.0.0.1:0", echo: true}\n'


class RemovedRoutesKeepTheirFigures(SpillwayTest):
    def serve(self, interval: str) -> None:
        self.head = HEAD.format(interval=interval)
        self.daemon = self.start_daemon(STAY + GONE, self.head)
        self.admin = self.daemon.admin()
        self.addCleanup(self.admin.close)
        self.address = self.daemon.address("gone")
        self.echoed = 0
        self.reloads = 0

    def reload(self, routes: str) -> None:
        self.write_config(routes, self.head)
        self.daemon.signal(signal.SIGHUP)
        self.reloads += 1
        self.daemon.wait_for_events(self.reloads, "reloaded")

    def echo(self, client: socket.socket) -> None:
        client.sendall(b"hello")
        self.assertEqual(receive_exactly(client, 5), b"hello")
        self.echoed += 5

    def sessions_by_loop(self) -> list:
        """Some on each loop: which one has it shows in its number."""
        loops: list = [[], []]

        def spread() -> bool:
            known = {each["conn"] for each in self.admin.connections("?route=gone")}
            client = self.connect(self.address)
            self.echo(client)
            number, = {each["conn"] for each in self.admin.connections("?route=gone")} - known
            loops[(number - 1) % 2].append(client)
            return all(loops)

        wait_until("a session on each loop", spread)
        return loops

    def end(self, clients: list) -> None:
        closed = len(self.daemon.events("connection_closed"))
        for client in clients:
            client.close()
        self.daemon.wait_for_events(closed + len(clients), "connection_closed")

    def lines(self) -> list:
        return self.daemon.events("metrics", route="gone")

    def wait_for_another_interval(self) -> None:
        """The line tells of a look at all loops, and the next of one after that."""
        client = self.connect(self.daemon.address("stay"))
        for _ in range(2):
            before = len(self.daemon.events("metrics", route="stay"))
            client.sendall(b"x")
            self.daemon.wait_for_events(before + 1, "metrics", route="stay")
        client.close()

    def assert_it_adds_up(self) -> None:
        total = 0
        for line in self.lines():
            total += line["bytes_in"]
            self.assertEqual(line["total_bytes_in"], total, line)
        self.assertEqual(total, self.echoed)

    def wait_until_forgotten(self) -> None:
        wait_until("the route to be forgotten",
                   lambda: 'route="gone"' not in self.admin.ask("/metrics").text)

    def test_while_one_loop_is_done_and_the_other_is_not(self):
        for first, last in ((0, 1), (1, 0)):
            with self.subTest(first=first):
                self.serve("100ms")
                loops = self.sessions_by_loop()
                self.reload(STAY)
                self.end(loops[first])
                self.wait_for_another_interval()
                for client in loops[last]:
                    self.echo(client)
                self.wait_for_another_interval()
                self.end(loops[last])
                self.wait_until_forgotten()
                self.assertEqual(self.daemon.stop(), 0)
                self.assert_it_adds_up()

    def test_until_the_next_line_when_another_reload_comes_before(self):
        self.serve("1h")
        client = self.connect(self.address)
        self.echo(client)
        self.reload(STAY)
        self.end([client])
        self.reload(STAY.replace("true", "true, timeouts: {idle: 1m}"))
        self.assertEqual(self.daemon.stop(), 0)
        self.assert_it_adds_up()

    def test_when_it_comes_back_before_it_is_over(self):
        self.serve("100ms")
        client = self.connect(self.address)
        self.echo(client)
        self.reload(STAY)
        self.reload(STAY + GONE)
        self.end([client])
        self.wait_for_another_interval()
        again = self.daemon.events("listening", route="gone")[-1]["listen"].rpartition(":")
        client = self.connect((again[0], int(again[2])))
        self.echo(client)
        self.end([client])
        self.assertEqual(self.daemon.stop(), 0)
        self.assert_it_adds_up()

    def test_without_lines_the_next_reload_ends_them(self):
        self.serve("0s")
        client = self.connect(self.address)
        self.echo(client)
        self.reload(STAY)
        self.end([client])
        self.assertIn('route="gone"', self.admin.ask("/metrics").text)
        self.reload(STAY)
        self.wait_until_forgotten()


if __name__ == "__main__":
    unittest.main()
