"""The fixed runs. Each does `count` units of work, one after the other, so that what the daemon does
for one does not depend on how fast the machine is."""

import socket
import ssl
from typing import Callable, FrozenSet, List, NamedTuple

from harness import Daemon, Identity, PlainPeer, TlsPeer, sockets

RECORD = 16 * 1024
# Two of them are less than one segment on loopback: a read finds both or none.
LINES = b"".join(b"%063d\n" % number for number in range(2 * RECORD // 64))


class Stage:
    """A daemon with one TLS route, the listener that it relays to, and clients."""

    def __init__(self, daemon: Daemon, identity: Identity, listener: socket.socket) -> None:
        self.daemon = daemon
        self._listener = listener
        self._context = identity.client_context()
        self._address = daemon.address("relay")
        self._session: ssl.SSLSession | None = None

    def connect(self) -> "Pair":
        client = TlsPeer(sockets.connect(self._address), self._context, server_hostname="localhost")
        return Pair(client, PlainPeer(sockets.accept(self._listener)))


class Pair(NamedTuple):
    client: TlsPeer
    server: PlainPeer

    def close(self) -> None:
        self.client.end()
        self.server.receive_to_end()
        self.server.end()
        self.client.receive_to_end()
        self.client.close()
        self.server.close()


class Run(NamedTuple):
    name: str
    unit: str
    few: int
    many: int
    work: Callable[[Stage, int], None]
    units: int = 1  # that one step of `count` holds
    by_chance: FrozenSet[str] = frozenset()  # system calls whose number says nothing
    framing: str = "none"


def ping_pong(size: int) -> Callable[[Stage, int], None]:
    message = b"m" * size

    def work(stage: Stage, count: int) -> None:
        pair = stage.connect()
        for _ in range(count):
            pair.client.send(message)
            pair.server.send(pair.server.receive_exactly(size))
            pair.client.receive_exactly(size)
        pair.close()
    return work


def download(block: bytes) -> Callable[[Stage, int], None]:
    def work(stage: Stage, count: int) -> None:
        pair = stage.connect()
        for _ in range(count):
            pair.server.send(block)
            pair.client.receive_exactly(len(block))
        pair.close()
    return work


def upload(block: bytes) -> Callable[[Stage, int], None]:
    def work(stage: Stage, count: int) -> None:
        pair = stage.connect()
        for _ in range(count):
            pair.client.send(block)
            pair.server.receive_exactly(len(block))
        pair.close()
    return work


def sessions(stage: Stage, count: int) -> None:
    for _ in range(count):
        stage.connect().close()


# Of a session's events two may be found at once, and the log's thread gathers what comes while it
# naps.
CHANCE = frozenset({"epoll_wait", "futex", "clock_nanosleep", "write"})

RUNS: List[Run] = [
    Run("ping-pong 64 B", "round trip", 200, 1200, ping_pong(64)),
    Run("download", "16 KiB record", 20, 120, download(b"d" * 2 * RECORD), units=2),
    Run("upload", "16 KiB record", 20, 120, upload(b"u" * 2 * RECORD), units=2),
    Run("download, framing line", "16 KiB record", 20, 120, download(LINES), units=2,
        framing="line"),
    Run("session", "session", 10, 60, sessions, by_chance=CHANCE),
]
