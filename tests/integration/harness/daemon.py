"""The daemon under test, with its log as data."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Callable, Optional, Sequence, Tuple

from harness.admin import Admin
from harness.program import Program


def binary() -> str:
    try:
        return os.environ["SPILLWAY_DAEMON"]
    except KeyError:
        sys.exit("SPILLWAY_DAEMON does not say which daemon to test")


class Daemon(Program):
    """Runs `spillway run -c FILE`; the file asks for JSON lines on standard error."""

    def __init__(self, config: Path, under: Sequence[str] = (),
                 pass_fds: Sequence[int] = ()) -> None:
        """`under`: a tool, with its arguments, that runs it; `pass_fds`: descriptors that it
        gets."""
        super().__init__(*under, binary(), "run", "-c", config, pass_fds=pass_fds)

    def address(self, route: str) -> Tuple[str, int]:
        """Where the route really listens: port 0 in the file became some port."""
        host, _, port = self.wait_for_event("listening", route=route)["listen"].rpartition(":")
        return host.strip("[]"), int(port)

    def admin(self) -> Admin:
        """A client of the admin address that it really has."""
        listen = self.wait_for_event("admin_listening")["listen"]
        if listen.startswith("unix:"):
            return Admin(Path(listen.removeprefix("unix:")))
        host, _, port = listen.rpartition(":")
        return Admin((host.strip("[]"), int(port)))

    def events(self, name: str, **fields: object) -> list:
        """The lines logged so far with that event name and those values."""
        return _matching(self.errors.data, name, fields)

    def wait_for_event(self, name: str, **fields: object) -> dict:
        """The first such line, as soon as it is there."""
        return self.wait_for_events(1, name, **fields)[0]

    def wait_for_events(self, count: int, name: str, **fields: object) -> list:
        def enough(data: bytes) -> Optional[list]:
            found = _matching(data, name, fields)
            return found if len(found) >= count else None

        return self.errors.wait_for(f"{count} x {name} {fields}", enough)

    def wait_for_metrics(self, condition: Callable[[dict], bool], **fields: object) -> dict:
        """The first metrics line of a direction that meets the condition."""
        def found(data: bytes) -> Optional[dict]:
            return next(filter(condition, _matching(data, "metrics", fields)), None)

        return self.errors.wait_for(f"metrics of {fields} as expected", found)

    def stop(self) -> int:
        """Asks for a drain and waits for its end, and that of the log."""
        self.signal(signal.SIGTERM)
        code = self.exit_code()
        self.errors.to_end()
        return code


def _matching(data: bytes, name: str, fields: dict) -> list:
    lines = data[:data.rfind(b"\n") + 1].decode().splitlines()
    entries = [json.loads(line) for line in lines if f'"event":"{name}"' in line]
    return [entry for entry in entries if entry["event"] == name
            and all(entry.get(key) == value for key, value in fields.items())]
