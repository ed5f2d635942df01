"""The service manager's end of the notify protocol (sd_notify(3)): a datagram socket."""

import socket
import threading
from pathlib import Path
from typing import Callable, Dict, List, Optional

from harness.output import PATIENCE

Message = Dict[str, str]


class ServiceManager:
    """Collects what it is told at `path`, or at the abstract name of that text. `address` is the value
    for NOTIFY_SOCKET."""

    def __init__(self, path: Path, abstract: bool = False) -> None:
        self.address = f"@{path}" if abstract else str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(f"\0{path}" if abstract else str(path))
        self._messages: List[Message] = []
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    @property
    def messages(self) -> List[Message]:
        with self._changed:
            return list(self._messages)

    def wait_for(self, what: str, condition: Callable[[Message], bool], skip: int = 0) -> Message:
        """The first message behind the first `skip` ones that meets the condition."""
        def found() -> Optional[Message]:
            return next(filter(condition, self._messages[skip:]), None)

        with self._changed:
            assert self._changed.wait_for(found, PATIENCE), \
                f"not told {what} within {PATIENCE:.0f} s, but:\n{self._messages}"
            return found()

    def wait_for_name(self, name: str, skip: int = 0) -> Message:
        return self.wait_for(name, lambda message: name in message, skip)

    def wait_for_status(self, *words: str, skip: int = 0) -> str:
        """With all of the words in it."""
        return self.wait_for(f"a STATUS with {words}", lambda message: all(
            word in message.get("STATUS", "") for word in words), skip)["STATUS"]

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE)
        self._socket.close()

    def _collect(self) -> None:
        while datagram := self._socket.recv(65536):
            lines = datagram.decode().splitlines()
            message = dict(line.split("=", 1) for line in lines)
            with self._changed:
                self._messages.append(message)
                self._changed.notify_all()
