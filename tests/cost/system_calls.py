"""Reads what strace counted."""

from pathlib import Path
from typing import Dict

from harness import wait_until


def counted_calls(file: Path) -> Dict[str, int]:
    """The summary of `strace -c -U calls,name`, which is written a moment after the daemon's end."""
    lines = wait_until("strace's summary", lambda: _summary(file))
    calls = {}
    for line in lines:
        words = line.split()
        if len(words) == 2 and words[0].isdigit() and words[1] != "total":
            calls[words[1]] = int(words[0])
    return calls


def _summary(file: Path) -> list:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return lines if lines and lines[-1].endswith("total") else []
