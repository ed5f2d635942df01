"""The daemon: its configuration, its process, and what its log says."""

import json
import subprocess
import threading
import time
from pathlib import Path
from typing import Callable, List, Optional, Tuple, TypeVar

PATIENCE = 30.0  # seconds

Answer = TypeVar("Answer")


class Daemon:
    """Runs `spillway run`, and is ended by `stop` whatever happens."""

    def __init__(self, binary: Path, config: Path) -> None:
        self._events: List[dict] = []
        self._words = ""  # what it says that is no event
        self._changed = threading.Condition()
        # In a session of its own: a Ctrl-C reaches the demonstration alone, which then stops it.
        self._process = subprocess.Popen(  # pylint: disable=consider-using-with
            [binary, "run", "-c", config], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, start_new_session=True)
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()

    def address(self, route: str) -> Tuple[str, int]:
        """Where the route listens: port 0 in the file became some port."""
        event = self._await(f"route {route}", lambda: self._find("listening", route=route))
        host, _, port = event["listen"].rpartition(":")
        return host, int(port)

    def end_of(self, client: str) -> dict:
        """The connection's line, as soon as it is there."""
        return self._await(f"the end of {client}",
                           lambda: self._find("connection_closed", client=client))

    def peak_memory(self) -> int:
        """Bytes."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(PATIENCE)

    def _read_log(self) -> None:
        for line in self._process.stderr:
            with self._changed:
                if line.startswith("{"):
                    self._events.append(json.loads(line))
                else:
                    self._words += line
                self._changed.notify_all()
        with self._changed:
            self._process.stderr.close()
            self._changed.notify_all()

    def _find(self, name: str, **fields: str) -> Optional[dict]:
        for event in self._events:
            if event["event"] == name and fields.items() <= event.items():
                return event
        return None

    def _await(self, what: str, condition: Callable[[], Optional[Answer]]) -> Answer:
        deadline = time.monotonic() + PATIENCE
        with self._changed:
            while (answer := condition()) is None:
                left = deadline - time.monotonic()
                if left < 0 or self._process.stderr.closed:
                    raise RuntimeError(f"spillway did not tell of {what}\n{self._words}".rstrip())
                self._changed.wait(left)
            return answer
