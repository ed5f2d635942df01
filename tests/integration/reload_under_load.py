#!/usr/bin/env python3
"""A hundred reloads, good ones and bad ones, with routes that come, go, change and move and with
certificates that are swapped, while clients connect, exchange and compare every byte, in TLS and
plain, straight and through a relay. No connect fails, no session is cut, no byte is lost, memory stays
flat, and no thread or descriptor is left over."""

import os
import signal
import socket
import ssl
import threading
import unittest
from pathlib import Path
from typing import Callable, Optional

from harness import (PATIENCE, Admin, Identity, SpillwayTest, receive_exactly, receive_to_end,
                     wait_until)

RELOADS = 100
SWAPS_WITHOUT_RELOAD = 3

HEAD = """\
threads: 2
log: {level: info, format: json, target: stderr}
metrics: {log_interval: 0s}
admin: {listen: "unix:admin.sock"}
"""

# In the order of their lines: what stays the same, what changes, what is another one each time, what
# hands its address on, and what serves the relay.
ROUTES = """\
- {{name: same, listen: 127.0.0.1:0, echo: true}}
- {{name: plain, listen: 127.0.0.1:0, echo: true, timeouts: {{idle: 10{number}m}}}}
- name: secure
  listen: 127.0.0.1:0
  tls: {{certificates: [{{cert: served/tls.crt, key: served/tls.key}}], handshake_timeout: 1{number}m}}
  echo: true
- name: relay
  listen: 127.0.0.1:0
  tls: {{certificates: [{{cert: served/tls.crt, key: served/tls.key}}]}}
  upstream: {{servers: "unix:backend.sock", connect_timeout: 1{number}m}}
- {{name: extra-{number}, listen: 127.0.0.1:0, echo: true}}
- {{name: moving-{number}, listen: "unix:moving.sock", echo: true}}
- {{name: backend, listen: "unix:backend.sock", echo: true, limits: {{connections: 10{number}}}}}
"""

Connect = Callable[[], socket.socket]


class Client(threading.Thread):
    """Connects, exchanges and ends in peace, again and again; `lasting` stays for all the time."""

    def __init__(self, connect: Connect, lasting: Optional[socket.socket] = None) -> None:
        super().__init__()
        self.connect = connect
        self.lasting = lasting
        self.over = threading.Event()
        self.sessions = 0
        self.failure: Optional[BaseException] = None

    def run(self) -> None:
        try:
            while not self.over.is_set():
                session(self.connect())
                if self.lasting:
                    exchange(self.lasting)
                self.sessions += 1
            if self.lasting:
                end(self.lasting)
        except BaseException as error:  # pylint: disable=broad-except
            self.failure = error


def exchange(client: socket.socket) -> None:
    data = os.urandom(20_000)
    client.sendall(data)
    if receive_exactly(client, len(data)) != data:
        raise AssertionError("other bytes came back")


def end(client: socket.socket) -> None:
    """Raises unless the other side ends in peace too."""
    with client:
        if isinstance(client, ssl.SSLSocket):
            client = client.unwrap()
        client.shutdown(socket.SHUT_WR)
        if receive_to_end(client):
            raise AssertionError("more came back than was sent")


def session(client: socket.socket) -> None:
    exchange(client)
    end(client)


def resident_kib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


def allowed_growth_kib() -> int:
    """A sanitizer keeps what was freed, and books on every allocation: growth of its own, of which
    nothing follows. The address sanitizer finds at the daemon's end what was leaked."""
    sanitized = {"ASAN_OPTIONS", "TSAN_OPTIONS"} & os.environ.keys()
    return 512 * 1024 if sanitized else 1024


class ReloadUnderLoad(SpillwayTest):
    def setUp(self) -> None:
        super().setUp()
        self.pairs = [self.make_pair(name) for name in ("first", "second")]
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        for pair in self.pairs:
            self.context.load_verify_locations(pair / "tls.crt")
        served = self.folder / "served"
        served.mkdir()
        for name in ("tls.crt", "tls.key"):
            (served / name).symlink_to(f"..data/{name}")
        self.show_pair(0)
        self.good, self.bad = 0, 0
        self.daemon = self.start_daemon(ROUTES.format(number=0), HEAD)
        wait_until("the admin address", (self.folder / "admin.sock").exists)
        self.admin = Admin(self.folder / "admin.sock")
        self.addCleanup(self.admin.close)

    def make_pair(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        identity = Identity(folder)
        identity.certificate.rename(folder / "tls.crt")
        identity.key.rename(folder / "tls.key")
        return folder

    def show_pair(self, number: int) -> None:
        """Swaps a link above both files, as Kubernetes does."""
        link = self.folder / "served" / "..data"
        new = link.with_name("..data_tmp")
        new.symlink_to(self.pairs[number])
        os.replace(new, link)
        self.shown = number

    def plain(self, route: str) -> Connect:
        host, _, port = self.admin.route(route)["listen"][0].rpartition(":")
        return lambda: socket.create_connection((host, int(port)), PATIENCE)

    def tls(self, route: str) -> Connect:
        connect = self.plain(route)
        return lambda: self.context.wrap_socket(connect(), server_hostname="localhost")

    def unix(self) -> socket.socket:
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(PATIENCE)
        client.connect(str(self.folder / "moving.sock"))
        return client

    def reload(self, number: int) -> None:
        self.write_config(ROUTES.format(number=number), HEAD)
        self.daemon.signal(signal.SIGHUP)
        self.good += 1
        wait_until(f"reload {self.good}", lambda: self.reloads()["succeeded"] == self.good)

    def reload_badly(self) -> None:
        self.write_config("- {name: bad}", HEAD)
        self.daemon.signal(signal.SIGHUP)
        self.bad += 1
        wait_until("a reload to fail", lambda: self.reloads()["failed"] == self.bad)

    def reloads(self) -> dict:
        return self.admin.status()["reload"]

    def wait_for_the_shown_certificate(self, connect: Connect) -> None:
        der = ssl.PEM_cert_to_DER_cert((self.pairs[self.shown] / "tls.crt").read_text("ascii"))

        def is_shown() -> bool:
            client = connect()
            shown = client.getpeercert(binary_form=True)
            end(client)
            return shown == der

        wait_until("the new certificate", is_shown)

    def is_quiet(self) -> bool:
        return self.admin.status()["connections"] == 0

    def left_over(self) -> tuple:
        return tuple(len(os.listdir(f"/proc/{self.daemon.pid}/{each}")) for each in ("task", "fd"))

    def test_a_hundred_reloads_lose_nothing(self):
        plain, same, secure, relay = (self.plain("plain"), self.plain("same"), self.tls("secure"),
                                      self.tls("relay"))
        for connect in (plain, same, secure, relay, self.unix):
            session(connect())
        wait_until("the first sessions to be over", self.is_quiet)
        before = self.left_over()
        self.clients = [Client(connect, connect()) for connect in (plain, same, secure, relay)]
        self.clients.append(Client(self.unix))
        for client in self.clients:
            client.start()
        try:
            self.reload_many_times(secure)
        finally:
            for client in self.clients:
                client.over.set()
            for client in self.clients:
                client.join(PATIENCE)
        self.assertEqual([client.failure for client in self.clients], [None] * len(self.clients))
        wait_until("all sessions to be over", self.is_quiet)
        wait_until("no thread or descriptor to be left over", lambda: self.left_over() == before)
        self.assertEqual(self.daemon.stop(), 0)
        self.assert_every_session_ended_in_peace()

    def assert_every_session_ended_in_peace(self) -> None:
        """Those that are seen here, and those within: the relay's to its backend."""
        for event in ("connection_failed", "upstream_failed", "log_lines_lost"):
            self.assertEqual(self.daemon.events(event), [])
        closed = self.daemon.events("connection_closed")
        self.assertGreater(len(closed), sum(client.sessions for client in self.clients))
        self.assertEqual([line for line in closed if line["end_code"] != "--"], [])

    def reload_many_times(self, secure: Connect) -> None:
        for number in range(1, RELOADS + 1):
            live = [self.plain(f"extra-{number - 1}")(), self.unix()]
            for client in live:
                exchange(client)
            if number % 5 == 0:
                self.show_pair(1 - self.shown)
            if number % 10 == 5:
                self.reload_badly()
            self.reload(number)
            if number % 5 == 0:
                self.wait_for_the_shown_certificate(secure)
            for client in live:  # their routes are no more
                session(client)
            session(self.plain(f"extra-{number}")())
            self.wait_for_every_client()
            if number == RELOADS // 5:
                resident = resident_kib(self.daemon.pid)
        self.assertLess(resident_kib(self.daemon.pid), resident + allowed_growth_kib())
        for _ in range(SWAPS_WITHOUT_RELOAD):
            self.show_pair(1 - self.shown)
            self.wait_for_the_shown_certificate(secure)

    def wait_for_every_client(self) -> None:
        """So that none sleeps through a reload."""
        before = [client.sessions for client in self.clients]
        wait_until("a session of every client", lambda: all(
            client.failure or client.sessions > sessions + 1
            for client, sessions in zip(self.clients, before)))
        self.assertEqual([client.failure for client in self.clients], [None] * len(self.clients))


if __name__ == "__main__":
    unittest.main()
