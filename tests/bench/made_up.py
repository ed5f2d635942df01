"""Measurements that never happened."""

from collections.abc import Mapping, Sequence
from typing import Any

from load_result import LoadResult
from results import Entrant, Measurement, Results
from scenarios import SCENARIOS, Case, Scenario

MACHINE = {"cpu": "An imagined CPU", "cpus": 2, "kernel": "6.1", "load_average": 0.0}


def scenario(name: str) -> Scenario:
    return next(each for each in SCENARIOS if each.name == name)


def result(case: Case, cpu: float, *, growth: float = 0, p99: float = 100.0,
           failed: int = 0) -> LoadResult:
    """One in which, in one second, every group relayed 1 GB, or 100,000 messages, or made 1,000
    handshakes: so that cost per unit is `cpu` for each of them."""
    return LoadResult({"window_s": 1.0, "proxy_cpu_s": cpu, "load_cpu_s": 0.5,
                       "pss_kib": {"start": 1000, "begin": 1000, "end": 1000 + growth},
                       "groups": [_group(each.kind, each.connections, p99, failed)
                                  for each in case.groups]})


def _group(kind: str, connections: int, p99: float, failed: int) -> Mapping[str, Any]:
    is_bulk = kind in ("download", "echo")
    return {"kind": kind, "connections": connections, "bytes": 64,
            "messages": 100_000 if kind == "pingpong" else 0,
            "bytes_down": 1_000_000_000 if is_bulk else 0, "bytes_up": 0,
            "handshakes": 1_000 if kind in ("handshake", "resume", "churn") else 0,
            "latency_us": {"p50": p99 / 2, "p99": p99, "p99.9": p99 * 2, "max": p99 * 3},
            "checked_bytes": 1, "failed": failed}


def results(names: Sequence[str]) -> Results:
    """With no measurement yet. What begins with a letter of spillway's is one."""
    return Results(MACHINE, 1.0, [
        Entrant(name, name.removesuffix("-lean").removesuffix("-full")
                if name.startswith(("spillway", "before", "after")) else "", "1.0")
        for name in names])


def add(to: Results, name: str, costs: Mapping[str, Sequence[float]], case_index: int = 0) -> None:
    """One round per cost, for each proxy."""
    about = scenario(name)
    case = about.cases[case_index]
    for peer, rounds in costs.items():
        for number, cpu in enumerate(rounds):
            to.add(Measurement(name, case.name, peer, number, result(case, cpu, growth=cpu)))
