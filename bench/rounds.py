"""The order of measurements: rounds in which every proxy has its turn, so that a change of the
machine's mood meets all of them."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from load_result import LoadResult
from measure import Laboratory
from peer import Peer
from results import Measurement, Results
from scenarios import Case, Scenario

Item = TypeVar("Item")

FAILURES = 2  # after which a proxy is not tried again with a case
BROKEN = 0.001  # of the connections: with more than that a figure means little


def rotated(items: Sequence[Item], by: int) -> list[Item]:
    """Nobody is always first, or always behind the same."""
    by %= max(len(items), 1)
    return [*items[by:], *items[:by]]


class Rounds:
    def __init__(self, laboratory: Laboratory, results: Results, descriptors: int,
                 say: Callable[[str], None], complain: Callable[[Measurement], None]) -> None:
        self._laboratory = laboratory
        self._results = results
        self._descriptors = descriptors
        self._say = say
        self._complain = complain

    def run(self, scenario: Scenario, peers: Sequence[Peer], rounds: int) -> None:
        failures: Counter[tuple[str, str]] = Counter()
        for number in range(rounds):
            for case in scenario.cases:
                entrants = [peer for peer in peers if case.routes <= peer.most_routes]
                for peer in rotated(entrants, number):
                    if failures[case.name, peer.name] == FAILURES:
                        continue
                    self._say(f"{scenario.name}, round {number + 1} of {rounds}: {case.name}, "
                              f"{peer.name}")
                    measurement = self._measure(scenario, case, peer, number)
                    self._results.add(measurement)
                    if measurement.error:
                        failures[case.name, peer.name] += 1
                        self._complain(measurement)

    def _measure(self, scenario: Scenario, case: Case, peer: Peer, number: int) -> Measurement:
        place = (scenario.name, case.name, peer.name, number)
        try:
            if case.descriptors > self._descriptors:
                raise RuntimeError(f"it needs {case.descriptors:,} descriptors, and the system "
                                   f"allows {self._descriptors:,}: raise the hard limit (ulimit "
                                   "-Hn)")
            result = self._laboratory.measure(scenario, case, peer)
            examine(case, result)
            return Measurement(*place, result)
        except (OSError, RuntimeError) as error:
            return Measurement(*place, None, str(error))


def examine(case: Case, result: LoadResult) -> None:
    """Fails where figures would mean nothing."""
    for group in result.report["groups"]:
        count = group["handshakes"] or group["connections"]
        if group["failed"] > BROKEN * count:
            raise RuntimeError(f"of {count:,} connections of {group['kind']} "
                               f"{group['failed']:,} failed, or heard nothing in the window")
    for metric in case.metrics:
        metric.compute(result, result)
