"""Durations and sizes as the configuration has them."""

import re
from typing import Any, Optional

UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000,
         "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
SMALLEST = {True: "ms", False: "B"}


def in_units(value: Any) -> Optional[int]:
    """Milliseconds or bytes; a number without a unit is in bytes. None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = re.fullmatch(rf"(\d+)({'|'.join(UNITS)})?", value) if isinstance(value, str) else None
    return int(found[1]) * UNITS[found[2] or "B"] if found else None


def is_duration(value: str) -> bool:
    return re.fullmatch(r"\d+(ms|s|m|h)", value) is not None


def just_above(value: str) -> str:
    """The next one, in the smallest unit."""
    return f"{in_units(value) + 1}{SMALLEST[is_duration(value)]}"
