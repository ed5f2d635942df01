"""Ports for the listeners of a measurement."""

import itertools
import random
import socket
from pathlib import Path

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST = 10_000


class Ports:
    """Free ports, each handed out once. They lie below those that the system gives to connecting
    sockets: one of the thousands of connections could otherwise take a listener's port."""

    def __init__(self) -> None:
        end = int(RANGE.read_text(encoding="ascii").split()[0])
        if end < LOWEST + 5_000:
            raise RuntimeError(f"{RANGE} leaves too few ports for listeners: let it start at "
                               f"32768, as is usual")
        first = random.randrange(LOWEST, end)
        self._candidates = itertools.cycle([*range(first, end), *range(LOWEST, first)])
        self._count = end - LOWEST

    def take(self, count: int) -> list[int]:
        free = filter(_is_free, itertools.islice(self._candidates, self._count))
        ports = list(itertools.islice(free, count))
        if len(ports) < count:
            raise RuntimeError(f"only {len(ports)} of {count} ports are free")
        return ports


def _is_free(port: int) -> bool:
    with socket.socket() as sock:
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
