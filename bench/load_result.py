"""What the load generator reports of one measurement."""

import json
from collections.abc import Mapping
from typing import Any

BULK = ("download", "echo")


class LoadResult:
    def __init__(self, report: Mapping[str, Any]) -> None:
        self.report = report
        self.seconds: float = report["window_s"]
        self.cpu: float = report["proxy_cpu_s"]

    @classmethod
    def parse(cls, text: str) -> "LoadResult":
        try:
            return cls(json.loads(text))
        except (ValueError, KeyError, TypeError) as error:
            raise RuntimeError(f"bench_load did not report what it should, {error!r}: "
                               f"{text[:500]}") from None

    @property
    def load_share(self) -> float:
        """The generator's part of its CPU: near 1, it is what limits the throughput."""
        return self.report["load_cpu_s"] / self.seconds

    @property
    def proxy_share(self) -> float:
        return self.cpu / self.seconds

    @property
    def memory_growth(self) -> float:
        """KiB, from before the first connection to the end of the window."""
        memory = self.report["pss_kib"]
        return memory["end"] - memory["start"]

    @property
    def gigabytes(self) -> float:
        """Of the bulk transfers, down to the clients."""
        return self.total("bytes_down", *BULK) / 1e9

    def total(self, what: str, *kinds: str) -> float:
        """The sum over the groups of these kinds, or over all."""
        return sum(group[what] for group in self.report["groups"]
                   if not kinds or group["kind"] in kinds)

    def latency(self, quantile: str, kind: str) -> float:
        """In microseconds."""
        for group in self.report["groups"]:
            if group["kind"] == kind and group["latency_us"]:
                return group["latency_us"][quantile]
        raise RuntimeError(f"bench_load reports no latency of {kind}")
