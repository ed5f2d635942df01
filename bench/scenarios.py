"""What is measured: the load of each scenario, and the figures that it gives."""

from dataclasses import dataclass

from metric import (CPU_PER_GB, CPU_PER_HANDSHAKES, CPU_PER_MESSAGES, CPU_SHARE, GB_PER_SECOND,
                    MESSAGES_PER_SECOND, Metric, extra_growth_per_connection,
                    growth_per_connection, growth_per_further_connection, latency, over_base)


@dataclass(frozen=True)
class Group:
    """Connections that do the same."""
    kind: str
    connections: int
    size: int = 0  # bytes of a message or piece; 0 = the generator's default

    def __str__(self) -> str:
        return f"{self.kind}:{self.connections}" + (f":{self.size}" if self.size else "")


@dataclass(frozen=True)
class Case:
    name: str
    groups: tuple[Group, ...]
    metrics: tuple[Metric, ...]  # the most important first
    key: str = "ecdsa"
    threads: int = 1
    routes: int = 1
    lines: int = 0  # the payload is lines of so many bytes; 0 = it has none
    is_bulk: bool = False  # proxies get the buffers that are best for that
    settle: float = 0.0  # seconds of warm-up more than others
    base: str = ""  # the case of the same scenario that it is compared with

    @property
    def connections(self) -> int:
        return sum(group.connections for group in self.groups)

    @property
    def descriptors(self) -> int:
        """What the generator, which has both ends, and the proxy need each."""
        return 2 * self.connections + self.routes + 200


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    cases: tuple[Case, ...]
    both_cpus: bool = False  # the proxy runs beside the load, too
    variants: bool = False  # spillway alone, with more and with less to do for each message


def _single(name: str, title: str, groups: tuple[Group, ...], *metrics: Metric,
            key: str = "ecdsa", is_bulk: bool = False) -> Scenario:
    return Scenario(name, title, (Case(name, groups, metrics, key=key, is_bulk=is_bulk),))


DOWNLOADS = Group("download", 16)
MESSAGES = Group("pingpong", 64, 64)


def _two_loops() -> Scenario:
    cases = []
    for name, group, metric, is_bulk in (("pingpong-64", MESSAGES, CPU_PER_MESSAGES, False),
                                         ("download", DOWNLOADS, CPU_PER_GB, True)):
        one = f"{name}, 1 loop"
        cases.append(Case(one, (group,), (metric,), is_bulk=is_bulk))
        cases.append(Case(f"{name}, 2 loops", (group,), (over_base(metric), metric), threads=2,
                          is_bulk=is_bulk, base=one))
    return Scenario("two-loops", "one loop and two, on both CPUs beside the load", tuple(cases),
                    both_cpus=True)


def _idle() -> Scenario:
    """Both: what a session takes of those that there are, and what one more would take. The first
    sessions make a proxy touch what all of them then share."""
    few, many = 1_000, 5_000
    return Scenario("idle", f"{many:,} sessions that are silent", (
        Case(f"{few:,} sessions", (Group("idle", few),), (growth_per_connection(few),)),
        Case(f"{many:,} sessions", (Group("idle", many),),
             (growth_per_connection(many), growth_per_further_connection(few, many)),
             base=f"{few:,} sessions")))


def _slow_consumer() -> Scenario:
    stalled = 100
    settle = 2.0  # until the kernel's buffers of those that stopped reading are full
    return Scenario(
        "slow-consumer", f"{stalled} clients that stopped reading beside 16 that read", (
            Case("16 readers", (DOWNLOADS,), (GB_PER_SECOND, CPU_PER_GB), settle=settle),
            Case(f"16 readers, {stalled} stalled", (DOWNLOADS, Group("stalled", stalled)),
                 (extra_growth_per_connection(stalled), over_base(GB_PER_SECOND), GB_PER_SECOND,
                  CPU_PER_GB), settle=settle, base="16 readers")))


def _by_connections() -> Scenario:
    counts = (10, 100, 1_000, 5_000)
    return Scenario("connections", "ping-pong of 64 B over ever more connections", tuple(
        Case(f"{count} connections", (Group("pingpong", count, 64),),
             (CPU_PER_MESSAGES, *((over_base(CPU_PER_MESSAGES),) if count > counts[0] else ())),
             base=f"{counts[0]} connections" if count > counts[0] else "")
        for count in counts))


def _by_routes() -> Scenario:
    counts = (1, 10, 100, 1_000)
    return Scenario("routes", "ping-pong of 64 B over 64 connections to ever more listeners", tuple(
        Case(f"{count} routes" if count > 1 else "1 route", (MESSAGES,),
             (CPU_PER_MESSAGES, *((over_base(CPU_PER_MESSAGES),) if count > 1 else ())),
             routes=count, base="1 route" if count > 1 else "")
        for count in counts))


def _policy_cost() -> Scenario:
    cases = []
    for size, label in ((64, "64 B"), (1024, "1 KiB")):
        cases.append(Case(f"ping-pong of lines, {label}", (Group("pingpong", 64, size),),
                          (CPU_PER_MESSAGES,), lines=size))
        cases.append(Case(f"download of lines, {label}", (DOWNLOADS,), (CPU_PER_GB,), lines=size))
    return Scenario("policy-cost", "spillway with less and more to do for each message",
                    tuple(cases), variants=True)


SCENARIOS = (
    _single("bulk-download", "16 clients read what the backend sends without end",
            (DOWNLOADS,), CPU_PER_GB, GB_PER_SECOND, is_bulk=True),
    _single("bulk-echo", "16 clients send without end and read the echo",
            (Group("echo", 16),), CPU_PER_GB, GB_PER_SECOND, is_bulk=True),
    _single("pingpong-64", "64 clients, 64 B there and back",
            (MESSAGES,), CPU_PER_MESSAGES, MESSAGES_PER_SECOND, latency("p99", "pingpong")),
    _single("pingpong-16k", "16 clients, 16 KiB there and back",
            (Group("pingpong", 16, 16384),), CPU_PER_MESSAGES, MESSAGES_PER_SECOND,
            latency("p99", "pingpong")),
    _single("handshake-ecdsa", "full handshakes with a P-256 key, 16 at a time",
            (Group("handshake", 16),), CPU_PER_HANDSHAKES),
    _single("handshake-resumed", "resumed handshakes, 16 at a time",
            (Group("resume", 16),), CPU_PER_HANDSHAKES),
    _single("handshake-rsa", "full handshakes with an RSA-2048 key, 16 at a time",
            (Group("handshake", 16),), CPU_PER_HANDSHAKES, key="rsa"),
    _single("latency", "1 client, 64 B there and back",
            (Group("pingpong", 1, 64),), latency("p99", "pingpong"), latency("p50", "pingpong"),
            latency("p99.9", "pingpong"), CPU_PER_MESSAGES),
    _idle(),
    _single("mixed", "4 clients read without end beside 16 with 64 B there and back",
            (Group("download", 4), Group("pingpong", 16, 64)),
            latency("p99", "pingpong", "p99 of the ping-pong"), GB_PER_SECOND,
            MESSAGES_PER_SECOND, CPU_SHARE),
    _single("churn", "connections of ten messages each, 16 at a time",
            (Group("churn", 16),), CPU_PER_HANDSHAKES),
    _slow_consumer(),
    _two_loops(),
    _by_connections(),
    _by_routes(),
    _policy_cost(),
)
