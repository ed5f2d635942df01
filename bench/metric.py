"""The figures that are made of what the load generator reports."""

from collections.abc import Callable
from dataclasses import dataclass

from load_result import LoadResult


@dataclass(frozen=True)
class Metric:
    """`compute` gets the result, and that of the case that it is compared with, or the same again
    where there is none."""
    name: str
    unit: str
    compute: Callable[[LoadResult, LoadResult], float]
    digits: int = 2
    more_is_better: bool = False
    needs_base: bool = False


def per(amount: float, unit: float, what: str) -> float:
    """How many of `unit` there were. Nothing done at all is no figure."""
    if amount <= 0:
        raise RuntimeError(f"the proxy relayed no {what} in the whole window")
    return amount / unit


def cost_per_gb(result: LoadResult) -> float:
    return result.cpu / per(result.gigabytes, 1, "bytes")


def cost_per_messages(result: LoadResult) -> float:
    return result.cpu / per(result.total("messages", "pingpong"), 100_000, "message")


def over_base(metric: Metric) -> Metric:
    """How many times as much as in the case that it is compared with."""
    return Metric(f"{metric.name}, relative", "x",
                  lambda result, base: metric.compute(result, base) / metric.compute(base, base),
                  more_is_better=metric.more_is_better, needs_base=True)


def growth_per_connection(connections: int) -> Metric:
    return Metric("memory per session", "KiB (PSS)",
                  lambda result, _: result.memory_growth / connections, 1)


def growth_per_further_connection(few: int, many: int) -> Metric:
    """Without what the first few have cost, in the other case."""
    return Metric("memory per further session", "KiB (PSS)",
                  lambda result, base: (result.memory_growth - base.memory_growth) / (many - few),
                  1, needs_base=True)


def extra_growth_per_connection(connections: int) -> Metric:
    """Without what the connections of the other case have grown by."""
    return Metric("memory per stalled session", "KiB (PSS)",
                  lambda result, base: (result.memory_growth - base.memory_growth) / connections,
                  1, needs_base=True)


def latency(quantile: str, kind: str, name: str = "") -> Metric:
    return Metric(name or quantile, "us", lambda result, _: result.latency(quantile, kind), 1)


CPU_PER_GB = Metric("CPU per GB", "s", lambda result, _: cost_per_gb(result), 3)
CPU_PER_MESSAGES = Metric("CPU per 100,000 messages", "s",
                          lambda result, _: cost_per_messages(result), 3)
CPU_PER_HANDSHAKES = Metric(
    "CPU per 1,000 handshakes", "s",
    lambda result, _: result.cpu / per(result.total("handshakes"), 1_000, "handshake"), 3)
CPU_SHARE = Metric("CPU", "%", lambda result, _: 100 * result.proxy_share, 0)
GB_PER_SECOND = Metric("throughput", "GB/s", lambda result, _: result.gigabytes / result.seconds,
                       3, more_is_better=True)
MESSAGES_PER_SECOND = Metric(
    "messages", "1,000/s",
    lambda result, _: result.total("messages", "pingpong") / 1_000 / result.seconds, 1,
    more_is_better=True)

# Those that say what the proxy pays for a unit of work.
COSTS = (CPU_PER_GB, CPU_PER_MESSAGES, CPU_PER_HANDSHAKES)
