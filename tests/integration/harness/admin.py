"""A client of the daemon's admin address."""

import http.client
import json
import socket
from pathlib import Path
from typing import Any, NamedTuple, Optional, Tuple, Union

from harness.output import PATIENCE

Address = Union[Tuple[str, int], Path]


class Answer(NamedTuple):
    status: int
    headers: dict
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(str(self._path))


class Admin:
    """Asks over one connection, as long as the daemon keeps it."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.connection = (_UnixConnection(address) if isinstance(address, Path)
                           else http.client.HTTPConnection(*address, timeout=PATIENCE))

    def ask(self, path: str, method: str = "GET", headers: Optional[dict] = None) -> Answer:
        self.connection.request(method, path, headers=headers or {})
        response = self.connection.getresponse()
        return Answer(response.status, dict(response.headers), response.read().decode())

    def status(self) -> Any:
        return self.ask("/status").json()

    def route(self, name: str) -> dict:
        return next(route for route in self.status()["routes"] if route["name"] == name)

    def connections(self, query: str = "") -> list:
        return self.ask("/connections" + query).json()["connections"]

    def close(self) -> None:
        self.connection.close()
