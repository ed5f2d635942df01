"""Numbers of several rounds as one."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Summary:
    median: float
    low: float
    high: float
    rounds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Summary | None":
        if not values:
            return None
        return cls(statistics.median(values), min(values), max(values), len(values))


def ratio(summary: Summary | None, other: Summary | None) -> float | None:
    """Of the medians, if there are two and it means anything."""
    if summary is None or other is None or other.median <= 0:
        return None
    return summary.median / other.median
